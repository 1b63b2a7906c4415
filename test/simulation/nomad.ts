import { encode } from '@msgpack/msgpack'

import { ALLOC_DIR, NODE, OWNER } from '../../src/core/domain/labels'
import { Mark } from '../../src/core/domain/mark'
import { Driver } from '../../src/driver/Driver'
import { TaskConfig } from '../../src/generated/nomad/driver'
import { IMAGE, PLUGIN } from '../fakes/Nomad'
import { World } from '../fakes/World'
import { Stored } from '../fakes/world/State'
import { idOf, Life, Process, Sim } from './Sim'
import { TASKS } from './Step'
import { Wire } from './Wire'

const allocIdOf = (id: string): string => id.split('/')[0] ?? ''

/** The directory of the allocation of a run. */
export const allocDirOf = (id: string): string => `/alloc/${allocIdOf(id)}`

const PULL_MS = 200
const LATENCY_MS = 3

/** A host with FIFOs for every task, and a registry that has the image. */
export const furnishedWorld = (): World => {
  const world = World({ latencyMs: () => LATENCY_MS })
  world.state.registry.set(IMAGE, { digest: 'sha256:1', chainId: 'sha256:2', bytes: 1, takesMs: PULL_MS })
  for (let task = 0; task <= TASKS; task += 1) {
    for (const path of fifosOf(idOf(task))) {
      world.state.pipes.add(path)
      world.state.readers.add(path)
    }
  }
  settle(world)
  settleImages(world)
  return world
}

/** The node of the agent. */
export const NODE_ID = 'this-node'

/** Things of another agent, and of a driver of the past that marked none: whose allocations are gone long since. */
const STRANGERS: ReadonlyArray<readonly [string, Mark]> =
  [['theirs/web/1', { [NODE]: 'another-node', [ALLOC_DIR]: allocDirOf('theirs') }], ['old/web/1', {}]]

export const isStranger = (owner: string): boolean => STRANGERS.some(([one]) => one === owner)

const settle = ({ state }: World): void => {
  for (const [owner, mark] of STRANGERS) {
    const container = owner.replaceAll('/', '-')
    const path = `${PLUGIN.state_dir}/${container}/hosts`
    state.marks.set(owner, mark)
    state.removed.add(allocDirOf(allocIdOf(owner)))
    state.containers.set(container, { owner, snapshotter: 'overlayfs', key: container, args: [], sources: [path], labels: { [OWNER]: owner, ...mark } })
    state.snapshots.set(`overlayfs ${container}`, { owner, parent: '' })
    state.leases.set(`fetch-${container}`, { owner, expiresAtMs: Infinity, holds: new Set([`overlayfs ${container}-lost`]) })
    state.snapshots.set(`overlayfs ${container}-lost`, { owner, parent: '' })
    state.files.set(path, { owner, text: '' })
    state.files.set(`${PLUGIN.state_dir}/${container}-lost/hosts`, { owner, text: '' })
  }
}

/** Images that nothing uses: another agent's, one that was pulled by hand, and one of another program's. */
const THEIR_IMAGES: ReadonlyArray<readonly [string, Pick<Stored, 'pulled'>]> = [
  ['docker.io/theirs/web:1', { pulled: { node: 'another-node', usedAtMs: 0 } }],
  ['docker.io/warm/web:1', { pulled: { node: '', usedAtMs: 0 } }],
  ['docker.io/ctr/web:1', {}]
]

const settleImages = ({ state }: World): void => {
  for (const [name, of] of THEIR_IMAGES) state.images.set(name, { digest: `digest of ${name}`, chainId: `layers of ${name}`, bytes: 1, ...of })
}

/** Those of them that are gone. */
export const missingImages = ({ state }: World): ReadonlyArray<string> =>
  THEIR_IMAGES.map(([name]) => name).filter((name) => !state.images.has(name))

/** How much there is of them. */
export const STRANGE_THINGS = STRANGERS.length * 6

/** The FIFOs that Nomad made for a task. */
export const fifosOf = (id: string): ReadonlyArray<string> => ['out', 'err'].map((name) => `/alloc/${allocIdOf(id)}/${name}`)


/** Nomad's message of a task: with generated files and a pinned source, so that those are seen too. */
export const messageOf = ({ id, program }: Life): TaskConfig => {
  const [stdoutPath = '', stderrPath = ''] = fifosOf(id)
  const allocId = allocIdOf(id)
  const config = { image: IMAGE, command: 'sim', args: program, extra_hosts: ['db:10.0.0.7'], volumes: ['/srv/www:/srv:ro'] }
  return TaskConfig.fromPartial({
    id, name: 'web', allocId, nodeId: NODE_ID, allocDir: allocDirOf(id), stdoutPath, stderrPath,
    msgpackDriverConfig: Buffer.from(encode(config)),
    env: { NOMAD_ALLOC_DIR: '/alloc', NOMAD_TASK_DIR: '/local', NOMAD_SECRETS_DIR: '/secrets' },
    resources: { allocatedResources: { cpu: { cpuShares: 100n }, memory: { memoryMb: 64n, memoryMaxMb: 0n } } }
  })
}

const GC = { image: true, image_delay: '2m', disk_high: 90 }

const DANGLING = { period: '40s', creation_grace: '80s' }

/** Starts a process of the driver as Nomad does, with SetConfig. */
export const launch = (sim: Sim): Process => {
  sim.processes += 1
  const incarnation = sim.world.incarnate()
  const wire = Wire(Driver(sim.plant(incarnation.ports, sim.processes)))
  const process = { ...incarnation, wire }
  void wire.ask('setConfig', { msgpackConfig: Buffer.from(encode({ ...PLUGIN, stats_interval: '10s', dangling_containers: DANGLING, gc: GC })), nomadConfig: undefined, pluginApiVersion: 'v0.1.0' })
  sim.process = process
  return process
}
