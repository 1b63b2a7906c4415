import { join } from 'node:path'

import * as Request from '../../src/core/resolve/Request'
import { needsOf, translate } from '../../src/core/translate'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import * as leases from '../../src/effects/containerd/leases'
import { openStreams } from '../../src/effects/host/openStreams'
import { machine } from '../../src/effects/machine'
import { Looker } from '../../src/effects/ports/Reads'
import { systemClock } from '../../src/effects/ports/systemClock'
import { reads } from '../../src/effects/reads'
import { Bench, Program } from '../laws/machine/Bench'
import { ofCommands } from '../laws/machine/commands'
import { ofExecs } from '../laws/machine/execs'
import { ofRecords } from '../laws/machine/records'
import { ofShims } from '../laws/machine/shims'
import { ofTasks } from '../laws/machine/tasks'
import { Allocation, makeAllocation } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { right } from './harness/right'
import { killShim } from './harness/shim'

const PROGRAMS: Readonly<Record<Program | 'says', readonly [string, ...ReadonlyArray<string>]>> = {
  stays: ['sleep', '1000'], ends: ['sh', '-c', 'exit 3'], missing: ['/bin/nope'], says: ['sh', '-c', 'printf out; exit 3']
}

let daemon: PrivateContainerd
let containerd: Containerd
const made: Array<Allocation> = []

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
}, 60_000)

afterEach(async () => {
  expect(await settled(containerd)).toEqual([])
  for (const one of made.splice(0)) one.remove()
})

afterAll(async () => {
  containerd.close()
  await daemon.stop()
})

const sleep = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms) })

const answering = async (): Promise<string> => {
  for (;;) {
    const version = await reads(containerd, new Map()).version()()
    if (version._tag === 'Right') return version.right.version
    await sleep(50)
  }
}

const bench = (): Bench => ({
  machine: machine(containerd),
  reads: reads(containerd, new Map()),
  streams: openStreams(systemClock),
  directory: join(daemon.directory, 'pipes'),
  commands: PROGRAMS,
  compiled: async (program) => {
    const one = makeAllocation({ config: {} })
    made.push(one)
    const { msgpackDriverConfig: _config, ...allocation } = one.config
    const [command, ...args] = PROGRAMS[program]
    const plugin = { containerd_runtime: 'io.containerd.runc.v2', state_dir: join(daemon.directory, 'files') }
    const request = right(Request.decode({ task: { image: IMAGE, command, args, extra_hosts: ['db:10.0.0.7'] }, plugin, allocation }))
    const facts = await reads(containerd, new Map()).answer(needsOf(request).questions, Looker('contract'), new AbortController().signal)()
    return right(translate(request, right(facts)))
  },
  lasts: (over) => over,
  passes: sleep,
  killShim: async (container) => { killShim(daemon.namespace, container) },
  collect: async () => {
    right(await leases.hold(containerd, 'collect', 'collect', 60)())
    right(await leases.release(containerd, 'collect', true)())
  },
  restart: async (meanwhile) => {
    await sleep(200)
    await daemon.halt()
    await meanwhile?.()
    await daemon.resume()
    // 1.6 remembers the tasks that ended before it was started; later ones clean them away.
    return (await answering()).startsWith('1.6')
  }
})

describe('a real containerd does what the machine of the tests does', () => {
  it.each([...ofRecords, ...ofTasks, ...ofExecs, ...ofCommands, ...ofShims])('%s', (_name, holds) => holds(bench()))
})
