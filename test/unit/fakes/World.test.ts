import * as Request from '../../../src/core/resolve/Request'
import { needsOf, translate } from '../../../src/core/translate'
import { Looker } from '../../../src/effects/ports/Reads'
import { rightOf } from '../../../src/testing/facts'
import { documentsOf, IMAGE, PLUGIN } from '../../fakes/Nomad'
import { World } from '../../fakes/World'
import { collect } from '../../fakes/world/collect'
import { Bench, Program } from '../../laws/machine/Bench'
import { ofCommands } from '../../laws/machine/commands'
import { ofExecs } from '../../laws/machine/execs'
import { ofRecords } from '../../laws/machine/records'
import { ofShims } from '../../laws/machine/shims'
import { ofTasks } from '../../laws/machine/tasks'

const PROGRAMS: Readonly<Record<Program | 'says', ReadonlyArray<string>>> = {
  stays: ['ignore'], ends: ['exit=3@0'], missing: ['no-such-program'], says: ['print=out', 'exit=3@50']
}
const LONG_MS = 120_000
const CHAIN = 'sha256:2'

const bench = (remembers: boolean): Bench => {
  const world = World()
  const { state, clock } = world
  state.images.set(IMAGE, { digest: 'sha256:1', chainId: CHAIN, bytes: 1 })
  state.content.set('sha256:1', new Set([`overlayfs ${CHAIN}`]))
  state.snapshots.set(`overlayfs ${CHAIN}`, { owner: '', parent: '' })
  let count = 0
  return {
    machine: world.machine,
    reads: world.reads,
    streams: world.incarnate().ports.streams,
    directory: '/run/state/law',
    commands: PROGRAMS,
    compiled: async (program) => {
      count += 1
      for (const name of ['out', 'err']) state.readers.add(`/alloc/b${String(count)}/${name}`)
      const request = rightOf(Request.decode({ ...documentsOf(`b${String(count)}/web/1`, PROGRAMS[program]), plugin: PLUGIN }))
      const facts = await world.reads.answer(needsOf(request).questions, Looker('id'), new AbortController().signal)()
      return rightOf(translate(request, rightOf(facts)))
    },
    lasts: (over) => clock.passUntil(over, LONG_MS),
    passes: clock.pass,
    killShim: async (container) => { world.killShim(container) },
    collect: async () => { collect(state) },
    restart: async (meanwhile) => {
      await clock.settle()
      world.goDown()
      await meanwhile?.()
      await clock.pass(1000)
      world.comeUp(remembers)
      return remembers
    }
  }
}

describe.each([['1.6', true], ['1.7 and later', false]])('the machine of the tests, as containerd %s', (_version, remembers) => {
  it.each([...ofRecords, ...ofTasks, ...ofExecs, ...ofCommands, ...ofShims])('%s', (_name, holds) => holds(bench(remembers)))
})
