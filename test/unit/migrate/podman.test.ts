import { editJson } from '../../../src/core/migrate/editJson'
import { itemsOfJson } from '../../../src/core/migrate/itemsOfJson'
import { migrateConfig } from '../../../src/core/migrate/migrateConfig'
import { Around, nothingAround } from '../../../src/core/migrate/rows/Around'

const ALONE: Around = { ...nothingAround, driver: 'podman' }
const BRIDGE: Around = { ...ALONE, network: 'bridge' }

const migrated = (config: Readonly<Record<string, unknown>>, around: Around = BRIDGE): { readonly config: unknown; readonly told: ReadonlyArray<string> } => {
  const { edits, findings } = migrateConfig(itemsOfJson(config, '0'), around)
  return { config: editJson(config, edits, '0'), told: findings.map(({ option, tag }) => `${tag} ${option}`) }
}

describe('a podman config', () => {
  it.each<[string, Readonly<Record<string, unknown>>, unknown, ReadonlyArray<string>]>([
    ['keeps what is equal', { image: 'quay.io/a/b:1', args: ['a'], shm_size: '64m' }, { image: 'quay.io/a/b:1', args: ['a'], shm_size: '64m' }, ['Equal image', 'Equal args', 'Equal shm_size']],
    ['has new names', { working_dir: '/srv' }, { cwd: '/srv' }, ['Renamed working_dir']],
    ['has no transport in front of its image', { image: 'docker://redis:7' }, { image: 'redis:7' }, ['Converted image']],
    ['is told of a short name, which podman looks for elsewhere', { image: 'team/app:1' }, { image: 'team/app:1' }, ['Differs image']],
    ['knows a registry by its port', { image: 'localhost:5000/app:1' }, { image: 'localhost:5000/app:1' }, ['Equal image']],
    ['is told of an archive', { image: 'docker-archive:/srv/a.tar' }, {}, ['Missing image']],
    ['pulls no latest by itself, as podman', { image: 'quay.io/a/b:latest' }, { image: 'quay.io/a/b:latest', pull_policy: 'missing' }, ['Converted image']],
    ['pulls latest when told', { image: 'quay.io/a/b', force_pull: true }, { image: 'quay.io/a/b', force_pull: true }, ['Equal image', 'Equal force_pull']],
    ['has one platform', { arch: 'arm', variant: 'v7', os: 'linux' }, { platform: 'linux/arm/v7' }, ['Converted arch', 'Converted variant', 'Converted os']],
    ['has no part of a platform alone', { variant: 'v7' }, {}, ['Missing variant']],
    ['has a list as entrypoint', { entrypoint: '/run.sh' }, { entrypoint: ['/run.sh'] }, ['Converted entrypoint']],
    ['keeps a list as entrypoint', { entrypoint: ['/run.sh', '-v'] }, { entrypoint: ['/run.sh', '-v'] }, ['Equal entrypoint']],
    ['has its certificates verified', { auth: [{ username: 'u', password: 'p', tls_verify: false }] }, { auth: [{ username: 'u', password: 'p' }] }, ['Equal auth.username', 'Equal auth.password', 'Missing auth.tls_verify']],
    ['is told nothing of what is so', { auth: [{ username: 'u', password: 'p', tls_verify: true }] }, { auth: [{ username: 'u', password: 'p' }] }, ['Equal auth.username', 'Equal auth.password', 'Converted auth.tls_verify']],
    ['has its output in Nomad', { logging: [{ driver: 'nomad' }] }, {}, ['Converted logging']],
    ['loses other logs', { logging: [{ driver: 'journald' }] }, {}, ['Missing logging']],
    ['has no socket of its own', { socket: 'app', init_path: '/c' }, {}, ['Missing socket', 'Missing init_path']],
    ['has no address of its own', { static_ips: ['10.0.0.2'], static_mac: 'a' }, {}, ['Missing static_ips', 'Missing static_mac']],
    ['has its security_opt as options', { security_opt: ['unmask=ALL', 'label=disable'] }, { masked_paths: [], readonly_paths: [], selinux_opts: ['disable'] }, ['Converted security_opt']],
    ['has no masks of its own', { security_opt: ['unmask=/proc/acpi'] }, {}, ['Missing security_opt']],
    ['has no maps of users that podman chooses', { userns: 'auto:size=100' }, {}, ['Missing userns']],
    ['has no namespace of another task', { ipc_mode: 'task:db' }, {}, ['Missing ipc_mode']],
    ['is told of what a tmpfs holds', { tmpfs: ['/var'] }, { tmpfs: ['/var'] }, ['Differs tmpfs']],
    ['is told of swappiness', { memory_swappiness: 60 }, { memory_swappiness: 60 }, ['Differs memory_swappiness']],
    ['binds what exists, as podman', { volumes: ['/srv:/srv:ro'] }, { volumes: ['/srv:/srv:ro'] }, ['Equal volumes']],
    ['is told of labels of mounts', { volumes: ['/srv:/srv:ro,Z'] }, { volumes: ['/srv:/srv:ro,Z'] }, ['Differs volumes']],
    ['is told of the socket', { volumes: ['/run/podman/podman.sock:/s'] }, { volumes: ['/run/podman/podman.sock:/s'] }, ['Differs volumes']],
    ['is in the network of its group', { network_mode: 'slirp4netns' }, {}, ['Converted network_mode']],
    ['has no option of the docker driver', { work_dir: '/srv' }, {}, ['Missing work_dir']]
  ])('%s', (_name, config, expected, told) => {
    expect(migrated(config)).toEqual({ config: expected, told })
  })

  it('has the modes of networks that exist here, where its group has none', () => {
    expect(migrated({ network_mode: 'none' }, ALONE).told).toEqual(['Equal network_mode'])
    expect(migrated({ network_mode: 'bridge' }, ALONE).told).toEqual(['Equal network_mode'])
    expect(migrated({ network_mode: 'task:pod' }, ALONE)).toEqual({ config: { network_mode: 'task:pod' }, told: ['Equal network_mode'] })
    expect(migrated({ network_mode: 'container:pod-${NOMAD_ALLOC_ID}' }, ALONE)).toEqual({ config: { network_mode: 'task:pod' }, told: ['Converted network_mode'] })
    expect(migrated({ network_mode: 'ns:/run/netns/x' }, ALONE)).toEqual({ config: {}, told: ['Missing network_mode'] })
  })

  it('names podman where it says who did what', () => {
    const { findings } = migrateConfig(itemsOfJson({}, '0'), { ...ALONE, driverAddresses: ['web'] })
    expect(findings.map(({ text }) => text).join('')).toContain('the address that podman gives the task')
    const { edits } = migrateConfig(itemsOfJson({ socket: 'a' }, '0'), ALONE)
    expect(edits).toEqual([{ op: 'Replace', at: '0.0', with: [], comment: expect.stringMatching(/^podman: `socket` is left out: /) }])
  })
})
