import * as fc from 'fast-check'

type Part = Readonly<Record<string, unknown>>

/** A block of a job, as one of several things that it may say; `at` is where it stands. */
interface Block {
  readonly at: 'job' | 'group' | 'task' | 'config'
  readonly parts: ReadonlyArray<Part>
}

const block = (at: Block['at'], ...parts: ReadonlyArray<Part>): Block => ({ at, parts: [{}, ...parts] })

const service = (more: Part): Part => ({ Services: [{ Name: 'x', PortLabel: '80', ...more }] })
const upstream = (name: string): Part =>
  service({ Connect: { SidecarService: { Proxy: { Upstreams: [{ DestinationName: name, LocalBindPort: 1 }] } } } })
const mount = (volume: string, more: Part = {}): Part => ({ VolumeMounts: [{ Volume: volume, Destination: '/host', ...more }] })
const network = (mode: string, more: Part = {}): Part => ({ Networks: [{ Mode: mode, ...more }] })
const ssh = (more: Part): Part => ({ Label: 'ssh', ...more })

/** Every block of a job by which Nomad or the driver decides what a container is and reaches. */
const BLOCKS = {
  network: block('group',
    network('host'), network('bridge'), network('none'), network('cni/lan'),
    network('bridge', { ReservedPorts: [ssh({ Value: 22 })] }), network('bridge', { ReservedPorts: [ssh({ Value: 23 })] }),
    network('bridge', { DynamicPorts: [ssh({ To: 22 })] }), network('host', { ReservedPorts: [ssh({ Value: 22 })] }),
    network('bridge', { DNS: { Servers: ['10.0.0.1'] } })),
  volume: block('group', {
    Volumes: {
      v: { Name: 'v', Type: 'host', Source: 'rootfs' }, w: { Name: 'w', Type: 'csi', Source: 'data', ReadOnly: true }
    }
  }),
  volumeMount: block('task', mount('v'), mount('v', { ReadOnly: true }), mount('w'), mount('v', { PropagationMode: 'bidirectional' })),
  service: block('group', service({}), service({ Tags: ['traefik.enable=true'] }), upstream('db'), upstream('other')),
  plugin: block('task', { CSIPluginConfig: { ID: 'x', Type: 'node', MountDir: '/csi' } }),
  vault: block('task', { Vault: { Policies: ['a'] } }, { Vault: { Policies: ['a', 'b'] } }, { Vault: { Policies: ['a'], Env: false } }),
  identity: block('task', { Identity: { Env: true } }, { Identities: [{ Name: 'aws', Audience: ['sts'] }] }, { Identities: [{ Name: 'aws', File: true }] }),
  template: block('task', { Templates: [{ DestPath: 'local/a', EmbeddedTmpl: 'A=1', Envvars: true }] }, { Templates: [{ DestPath: 'local/a', EmbeddedTmpl: 'A=2' }] }),
  artifact: block('task', { Artifacts: [{ GetterSource: 'http://x/y' }] }),
  resources: block('task', { Resources: { MemoryMB: 64 } }, { Resources: { MemoryMB: 64, MemoryMaxMB: 512 } }, { Resources: { Devices: [{ Name: 'nvidia/gpu', Count: 1 }] } }),
  user: block('task', { User: '1000:1000' }, { User: '0' }, { User: 'nobody' }),
  env: block('task', { Env: { A: 'a' } }, { Env: { A: 'b' } }),
  lifecycle: block('task', { Lifecycle: { Hook: 'prestart', Sidecar: true } }, { KillSignal: 'SIGINT' }),
  namespace: block('job', { Namespace: 'prod' }, { Type: 'system' }),
  image: block('config', { image: 'app:1' }, { image: 'app:2' }, { image: 'other/app' }),
  rights: block('config', { privileged: true }, { cap_add: ['sys_admin'] }, { cap_drop: ['all'] }, { seccomp_profile: 'unconfined' }),
  mounts: block('config', { volumes: ['/etc:/host2'] }, { volumes: ['/etc:/host2:ro'] }, { volumes: ['local/a:/a'] }),
  devices: block('config', { devices: ['/dev/dri'] }, { devices: ['/dev/fuse'] }),
  modes: block('config', { pid_mode: 'host' }, { ipc_mode: 'host' }, { host_network: true }, { readonly_rootfs: true }),
  limits: block('config', { pids_limit: 10 }, { pids_limit: 20 }, { memory_hard_limit: 900 }),
  mistake: block('config', { imagee: 'x' }, { readonly_rootfs: 'maybe' })
} as const satisfies Readonly<Record<string, Block>>

type Choice = Readonly<Record<string, number>>

const NAMES = Object.keys(BLOCKS) as ReadonlyArray<keyof typeof BLOCKS>

export const BLOCK_NAMES: ReadonlyArray<string> = NAMES

const choice: fc.Arbitrary<Choice> = fc.record(
  Object.fromEntries(NAMES.map((name) => [name, fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: BLOCKS[name].parts.length - 1 }) })]))
)

const partsAt = (at: Block['at'], chosen: Choice): Part =>
  Object.assign({}, ...NAMES.filter((name) => BLOCKS[name].at === at).map((name) => BLOCKS[name].parts[chosen[name] ?? 0])) as Part

/** A job of one task, as Nomad's API has it. */
const jobOf = (chosen: Choice): Part => ({
  ID: 'a',
  Name: 'a',
  ...partsAt('job', chosen),
  TaskGroups: [{
    Name: 'g',
    ...partsAt('group', chosen),
    Tasks: [{
      Name: 't', Driver: 'containerd-driver', ...partsAt('task', chosen),
      Config: { image: 'app:1', command: 'serve', ...partsAt('config', chosen) }
    }]
  }]
})

/** Two jobs of which a few blocks differ, and the names of these. */
export const jobPairs: fc.Arbitrary<{ readonly before: Part; readonly after: Part; readonly blocks: ReadonlyArray<string> }> = fc
  .tuple(choice, choice, fc.subarray([...NAMES], { maxLength: 3 }))
  .map(([one, other, blocks]) => {
    const changed = { ...one, ...Object.fromEntries(blocks.map((name) => [name, other[name] ?? 0])) }
    return { before: jobOf(one), after: jobOf(changed), blocks: blocks.filter((name) => one[name] !== changed[name]) }
  })
