import { compact } from '../../../src/core/domain/canonical'
import { digestOf } from '../../../src/core/domain/digest'
import { OWNER } from '../../../src/core/domain/labels'
import { ACTS } from '../../../src/core/plan/acts'
import { Outputs } from '../../../src/core/plan/Output'
import { Act, Do } from '../../../src/core/plan/Step'
import { NO_VERIFIER } from '../../../src/core/plan/Verifier'
import { Materials } from '../../../src/effects/ports/Machine'
import { World } from '../../fakes/World'
import { Process, programOf } from '../../fakes/world/Process'
import { crowd, State } from '../../fakes/world/State'
import { changesOf, Other } from '../../laws/acts'

const ME = 'me'
const TEXT = 'hosts of ${address}\n'

/** A spec as far as a world looks at it. */
const SPEC = { process: { args: ['handle=7@100'] }, mounts: [] }
const BESIDE = { args: ['exit=3@100'], env: [] }
const MATERIALS = { process: BESIDE, compiled: { spec: SPEC, mounts: [{ _tag: 'File', path: '/f', text: TEXT, because: '' }] } } as unknown as Materials
const OUTPUTS: Outputs = {
  root: { _tag: 'Mounts', mounts: [{ type: 'overlay', source: 'overlayfs k', target: '', options: [] }] },
  network: { _tag: 'Words', words: { address: '10.0.0.1' } }
}

type Furnish = (state: State) => void

/** An act, a world in which it can be done, and what its fields are changed to. */
interface Case<Tag extends Do['_tag']> {
  readonly act: Omit<Act<Tag>, '_tag'>
  readonly furnish: Furnish
  readonly others?: Other<Tag>
}

const nothingMore: Furnish = () => undefined

const leaseOf = (owner: string): { owner: string; expiresAtMs: number; holds: Set<string> } => ({ owner, expiresAtMs: Infinity, holds: new Set() })

const image = { digest: 'd', chainId: 'c', bytes: 10, layers: 4, platform: 'linux/amd64' }

const fetching: Furnish = (state) => {
  for (const name of ['a', 'b']) state.leases.set(name, leaseOf(ME))
  state.registry.set('image', { ...image, takesMs: 1000, thinksMs: 500, hosts: '/certs.d', silentMs: 100 })
  state.images.set('image', { ...image, unpacksInMs: 1000 })
  state.content.set('d', new Set())
}

const asked = { hosts: '/certs.d', silenceMs: 1000 }
const unasked = { hosts: '/other', silenceMs: 10 }
const bounds = { timeoutMs: 5000, maxLayers: 8, maxBytes: 100, parallel: 4 }
const tighter = { timeoutMs: 100, maxLayers: 3, maxBytes: 9, parallel: 2 }

/** The second of two verifiers refuses the image. */
const refusing: Furnish = (state) => {
  fetching(state)
  state.verifiers.set('/v', { count: 2, refuses: new Set(['d']), takesMs: 500 })
}

const verifier = { binDir: '/v', maxVerifiers: 2, timeoutMs: 1000 }

const running: Furnish = (state) => {
  const process = Process(state.clock, programOf(SPEC.process.args))
  process.start()
  state.containers.set('c', { owner: ME, snapshotter: 'overlayfs', key: 'k', args: [], sources: [], labels: {} })
  state.tasks.set('c', { owner: ME, process, shim: crowd(), output: { stdout: '', stderr: '', terminal: false } })
}

const created: Furnish = (state) => {
  running(state)
  state.tasks.set('c', { owner: ME, process: Process(state.clock, programOf([])), shim: crowd(), output: { stdout: '', stderr: '', terminal: false } })
}

const io = { stdin: '/x/stdin', stdout: '/x/stdout', stderr: '/x/stderr', terminal: false }

const execCreated: Furnish = (state) => {
  running(state)
  state.readers.add('/x')
  state.execs.set('c e', { owner: ME, args: BESIDE.args, io, process: Process(state.clock, programOf(BESIDE.args)), size: '', inputIsClosed: false })
}

const CASES: { readonly [Tag in Do['_tag']]: Case<Tag> } = {
  HoldLease: { act: { lease: 'a', expiresInSeconds: 60 }, furnish: nothingMore },
  ReleaseLease: { act: { lease: 'a' }, furnish: (state) => state.leases.set('a', leaseOf(ME)) },
  CheckAccess: { act: { name: 'image', ...asked, timeoutMs: 1000 }, furnish: fetching, others: { timeoutMs: 100, ...unasked } },
  PullImage: { act: { name: 'image', platform: 'linux/amd64', lease: 'a', ahead: { snapshotter: 'overlayfs', maxBytes: 100, parallel: 4 }, verifier: NO_VERIFIER, ...asked, ...bounds }, furnish: fetching, others: { lease: 'b', ahead: { snapshotter: 'native', maxBytes: 100, parallel: 4 }, verifier, ...unasked, ...tighter } },
  VerifyImage: { act: { name: 'image', digest: 'd', verifier: { ...verifier, maxVerifiers: 1 } }, furnish: refusing, others: { verifier } },
  UnpackImage: {
    act: { name: 'image', platform: 'linux/amd64', lease: 'a', snapshotter: 'overlayfs', ...bounds },
    furnish: fetching, others: { lease: 'b', ...tighter }
  },
  LoadImage: {
    act: { image: 'own', transport: 'oci', path: '/a/b/x.tar', below: '/a/b', named: '', platform: 'linux/amd64', lease: 'a', timeoutMs: 5000, maxLayers: 8, maxBytes: 100, verifier: NO_VERIFIER },
    furnish: (state) => {
      fetching(state)
      state.links.add('/a/b')
      state.archives.set('/a/b/x.tar', { ...image, transport: 'oci', named: '', takesMs: 1000 })
    },
    others: { below: '/a', lease: 'b', timeoutMs: 100, maxLayers: 3, maxBytes: 9, verifier }
  },
  OwnImage: { act: { image: 'own' }, furnish: (state) => state.images.set('own', { ...image, owner: ME }) },
  NoteUse: { act: { image: 'image', digest: 'd', atMs: 1000 }, furnish: (state) => state.images.set('image', { ...image, pulled: { node: 'n', usedAtMs: 0 } }) },
  CollectImage: { act: { image: 'image', digest: 'd', node: 'n' }, furnish: (state) => state.images.set('image', { ...image, pulled: { node: 'n', usedAtMs: 0 } }) },
  MakeNamespace: { act: { path: '/n' }, furnish: nothingMore },
  JoinNetwork: {
    act: { container: 'c', netns: '/n', network: 'bridge', conflist: '{}', path: '/usr/lib/cni', args: {}, capabilities: {}, record: '/c/network.json' },
    furnish: (state) => state.namespaces.set('/n', { owner: ME }), others: { capabilities: { mac: '02:00:00:00:00:01' } }
  },
  AcceptForwarded: { act: { device: 'br', subnets: ['10.0.0.0/8'] }, furnish: nothingMore },
  ShareNamespace: {
    act: { path: '/n', of: { _tag: 'Container', id: 'c' }, withinMs: 5000 },
    furnish: (state) => {
      created(state)
      void state.clock.sleep(1500).then(() => { state.tasks.get('c')?.process.start() })
    },
    others: { of: { _tag: 'Container', id: 'd' }, withinMs: 1000 }
  },
  MakeDirectory: { act: { path: '/d' }, furnish: nothingMore },
  WriteFile: { act: { path: '/f', text: { _tag: 'Known', digest: digestOf(TEXT) } }, furnish: nothingMore, others: { text: { _tag: 'Known', digest: digestOf('') } } },
  PinSource: { act: { path: '/p', source: '/s', kind: 'directory', recursive: true }, furnish: nothingMore, others: { kind: 'file' } },
  InspectMounts: { act: { container: 'c', places: ['/at'], pins: {} }, furnish: (state) => { created(state); state.links.add('/other') } },
  // The pipe is missing, so that the answer names the container.
  InspectPaths: {
    act: { container: 'c', below: '/a/led/in', paths: ['/a/led/in/x'], streams: ['/a/pipe'] },
    furnish: (state) => { for (const link of ['/a/led', '/other']) state.links.add(link) }, others: { below: '/a' }
  },
  PrepareSnapshot: {
    act: { snapshotter: 'overlayfs', key: 'k', parent: 'p', ids: '' }, others: { ids: '0:1000:10' },
    furnish: (state) => { for (const key of ['overlayfs p', 'overlayfs p-other']) state.snapshots.set(key, { owner: '', parent: '' }) }
  },
  CreateContainer: {
    act: {
      container: 'c', labels: { [OWNER]: ME }, image: 'image', runtime: 'r', options: { _tag: 'None' }, snapshotter: 'overlayfs', key: 'k',
      spec: digestOf(compact(SPEC))
    },
    furnish: nothingMore, others: { options: { _tag: 'Runc', ioUid: 1, ioGid: 1 } }
  },
  CreateTask: {
    act: { container: 'c', rootfs: 'root', stdout: '/out', stderr: '/err', terminal: false },
    furnish: (state) => {
      state.containers.set('c', { owner: ME, snapshotter: 'overlayfs', key: 'k', args: [], sources: [], labels: {} })
      state.snapshots.set('overlayfs k', { owner: ME, parent: 'p' })
      for (const fifo of ['/out', '/err']) state.readers.add(fifo)
    }
  },
  StartTask: { act: { container: 'c' }, furnish: created },
  SendSignal: { act: { container: 'c', signal: 9 }, furnish: running },
  AwaitExit: { act: { container: 'c', withinMs: 1000, thenSignal: 9 }, furnish: running, others: { thenSignal: 15 } },
  MakeStreams: { act: { path: '/x', names: ['stdout'] }, furnish: nothingMore },
  CreateExec: { act: { container: 'c', exec: 'e', process: digestOf(compact(BESIDE)), ...io }, furnish: running },
  StartExec: { act: { container: 'c', exec: 'e' }, furnish: execCreated },
  ResizeExec: { act: { container: 'c', exec: 'e', width: 80, height: 25 }, furnish: execCreated },
  CloseInput: { act: { container: 'c', exec: 'e' }, furnish: execCreated }
}

const LONG_MS = 600_000

/** What comes of an act, all that can be seen of it: the answer, what is there afterwards, and how long it took. */
const seen = async (act: Do, furnish: Furnish): Promise<string> => {
  const world = World()
  furnish(world.state)
  const { state, clock } = world
  const beganMs = clock.now()
  const how = { owner: ME, materials: MATERIALS, outputs: OUTPUTS, signal: new AbortController().signal }
  const answer = await clock.passUntil(world.machine.perform(act, how)(), LONG_MS)
  const tookMs = clock.now() - beganMs
  await clock.pass(LONG_MS)
  const processes = [...state.tasks].map(([id, { process, output }]) => [id, process.status(), process.ended()?.status, output])
  const execs = [...state.execs].map(([id, { process }]) => [id, process.status(), process.ended()?.status])
  const maps = [state.execs, state.streams, state.leases, state.snapshots, state.containers, state.images, state.content, state.files, state.pins, state.namespaces, state.networks].map((one) =>
    [...one].map(([name, value]) => [name, written(value)]))
  return JSON.stringify([answer, tookMs, processes, execs, maps, [...state.directories], [...state.rules]])
}

/** Sets are written out, and so is what a lease holds. */
const written = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_name, one: unknown) => (one instanceof Set ? [...one] : one)))

describe.each(Object.keys(ACTS) as ReadonlyArray<Do['_tag']>)('%s does what it says', (tag) => {
  const { act: fields, furnish, others } = CASES[tag] as Case<Do['_tag']>
  const act = { _tag: tag, ...fields } as Do

  it.each(changesOf(act, others))('and another %s is another outcome', async (_name, other) => {
    expect(other).not.toEqual(act)
    expect(await seen(other, furnish)).not.toBe(await seen(act, furnish))
  })

  it('and the same is the same', async () => { expect(await seen(act, furnish)).toBe(await seen({ ...act }, furnish)) })
})

describe('a file of which an earlier step tells a part', () => {
  const file = (from: string, template = digestOf(TEXT)): Do => ({ _tag: 'WriteFile', path: '/f', text: { _tag: 'WithOutput', from, template } })

  it('is written with what that step answered', async () => {
    expect(await seen(file('network'), nothingMore)).toContain('hosts of 10.0.0.1')
  })

  it('is not written when the step has answered something else or is not there, nor from another template', async () => {
    for (const wrong of [file('root'), file('nobody'), file('network', digestOf('other'))]) {
      expect(await seen(wrong, nothingMore)).toContain('"_tag":"Invalid"')
    }
  })
})

describe('who has to let an image in', () => {
  const verify = (timeoutMs: number, maxVerifiers: number, binDir = '/v'): Do =>
    ({ _tag: 'VerifyImage', name: 'image', digest: 'd', verifier: { binDir, maxVerifiers, timeoutMs } })

  it.each<readonly [string, Do, string]>([
    ['does not', verify(1000, -1), 'Denied'], ['takes too long', verify(100, 2), 'TimedOut'], ['is nobody', verify(1000, 2, '/other'), 'Invalid']
  ])('%s: the act fails', async (_what, act, tag) => { expect(await seen(act, refusing)).toContain(`"_tag":"${tag}"`) })
})
