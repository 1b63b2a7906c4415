import { digestOf } from '../../src/core/domain/digest'
import { Plan } from '../../src/core/plan/Plan'
import { Act } from '../../src/core/plan/Step'
import { World } from './World'
import { Process, programOf } from './world/Process'
import { keyOf, State, Stored } from './world/State'

/** An image that is here before any plan, and belongs to all. */
export const OTHER_IMAGE = 'docker.io/library/other:1'

const BYTES = 1

const imageOf = (name: string): Stored => ({ digest: digestOf(name), chainId: digestOf(`layers of ${name}`), bytes: BYTES })

/** The container whose network a plan joins runs. */
const runOther = (state: State, of: Act<'ShareNamespace'>['of']): void => {
  const [id, owner] = of._tag === 'Container' ? [of.id, 'other'] : ['another', `${of.allocId}/${of.task}/1`]
  const process = Process(state.clock, programOf([]))
  process.start()
  state.containers.set(id, { owner, snapshotter: 'overlayfs', key: id, args: [], sources: [], labels: {} })
  state.tasks.set(id, { owner, process, shim: new AbortController(), output: { stdout: '', stderr: '', terminal: false } })
}

/** Makes a world one in which a plan can be done: its image is unpacked or offered by a registry, its output is read. Another task is there too. */
export const furnish = ({ state }: World, { steps }: Plan): void => {
  const kept = new Set<string>()
  const digest = digestOf(OTHER_IMAGE)
  state.images.set(OTHER_IMAGE, { digest, chainId: digest, bytes: BYTES })
  state.content.set(digest, kept)
  state.leases.set('other', { owner: 'other', expiresAtMs: Infinity, holds: new Set() })
  state.containers.set('other', { owner: 'other', snapshotter: 'overlayfs', key: 'other', args: [], sources: [], labels: {} })
  for (const { act } of steps) {
    if ('verifier' in act) state.verifiers.set(act.verifier.binDir, { count: 1, refuses: new Set(), takesMs: 1 })
    if (act._tag === 'VerifyImage') state.images.set(act.name, { ...imageOf(act.name), ...(act.digest === '' ? {} : { digest: act.digest }) })
    if (act._tag === 'PullImage') state.registry.set(act.name, { ...imageOf(act.name), takesMs: 0 })
    if (act._tag === 'LoadImage') state.archives.set(act.path, { ...imageOf(act.image), transport: act.transport, named: act.named, takesMs: 0 })
    if (act._tag === 'UnpackImage' && !state.archives.size && !state.registry.has(act.name)) {
      state.images.set(act.name, imageOf(act.name))
      state.content.set(imageOf(act.name).digest, new Set())
    }
    if (act._tag === 'ShareNamespace') runOther(state, act.of)
    if (act._tag === 'InspectPaths') for (const path of act.streams) state.pipes.add(path)
    if (act._tag === 'CreateTask') for (const path of [act.stdout, act.stderr]) state.readers.add(path)
    if (act._tag === 'PrepareSnapshot') {
      const layer = keyOf({ ...act, key: act.parent })
      state.snapshots.set(layer, { owner: '', parent: '' })
      kept.add(layer)
    }
  }
}
