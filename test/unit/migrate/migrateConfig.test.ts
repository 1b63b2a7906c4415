import { editJson } from '../../../src/core/migrate/editJson'
import { Evaluated, Item, UNKNOWN } from '../../../src/core/migrate/Item'
import { itemsOfJson } from '../../../src/core/migrate/itemsOfJson'
import { migrateConfig } from '../../../src/core/migrate/migrateConfig'
import { Around, aroundOf, nothingAround } from '../../../src/core/migrate/rows/Around'
import { Edit } from '../../../src/core/migrate/rows/Edit'

const BRIDGE: Around = { ...nothingAround, network: 'bridge' }

const migrated = (config: Readonly<Record<string, unknown>>, around: Around = BRIDGE): { readonly config: unknown; readonly told: ReadonlyArray<string> } => {
  const { edits, findings } = migrateConfig(itemsOfJson(config, '0'), around)
  return { config: editJson(config, edits, '0'), told: findings.map(({ option, tag }) => `${tag} ${option}`) }
}

describe('a docker config', () => {
  it.each<[string, Readonly<Record<string, unknown>>, unknown, ReadonlyArray<string>]>([
    ['keeps what is equal', { image: 'redis:7', args: ['a'] }, { image: 'redis:7', args: ['a'] }, ['Equal image', 'Equal args']],
    ['has new names', { work_dir: '/srv', userns_mode: 'host' }, { cwd: '/srv', userns: 'host' }, ['Renamed work_dir', 'Renamed userns_mode']],
    ['pulls latest at every start', { image: 'redis' }, { image: 'redis' }, ['Equal image']],
    ['pulls latest once told', { image: 'redis', force_pull: true }, { image: 'redis', force_pull: true }, ['Equal image', 'Equal force_pull']],
    ['has an image without a scheme', { image: 'https://quay.io/a/b:1' }, { image: 'quay.io/a/b:1' }, ['Converted image']],
    ['is told of image ids', { image: 'sha256:a1b2c3d4e5f6' }, { image: 'sha256:a1b2c3d4e5f6' }, ['Differs image']],
    ['loses a login of another registry', { image: 'quay.io/a/b:1', auth: { username: 'u', password: 'p', server_address: 'ghcr.io' } },
      { image: 'quay.io/a/b:1', auth: { username: 'u', password: 'p' } }, ['Equal image', 'Equal auth.username', 'Equal auth.password', 'Converted auth.server_address']],
    ['loses half a login', { auth: [{ username: 'u' }] }, {}, ['Missing auth']],
    ['loses labels of other tools', { labels: [{ 'io.kubernetes.x': '1', team: 'a' }] }, { labels: [{ team: 'a' }] }, ['Missing labels.io.kubernetes.x', 'Equal labels.team']],
    ['has the operator\'s runc', { runtime: 'runc' }, {}, ['Converted runtime']],
    ['has GPUs by CDI', { runtime: 'nvidia' }, { devices: ['nvidia.com/gpu=all'] }, ['Differs runtime']],
    ['does not name devices twice', { runtime: 'nvidia', devices: [{ host_path: '/dev/fuse' }] }, { devices: [{ host_path: '/dev/fuse' }] }, ['Missing runtime', 'Equal devices.host_path']],
    ['loses runtimes of dockerd', { runtime: 'sysbox' }, {}, ['Missing runtime']],
    ['loses modes of other containers', { pid_mode: 'container:x', ipc_mode: 'shareable', uts_mode: 'host' }, { uts_mode: 'host' }, ['Missing pid_mode', 'Missing ipc_mode', 'Equal uts_mode']],
    ['loses what is off', { interactive: false, advertise_ipv6_address: false }, {}, ['Converted interactive', 'Converted advertise_ipv6_address']],
    ['loses what is empty', { hostname: '', memory_hard_limit: 0, shm_size: 0 }, {}, ['Converted hostname', 'Converted memory_hard_limit', 'Converted shm_size']],
    ['loses what our decoder refuses', { pids_limit: 99_999_999 }, {}, ['Missing pids_limit']],
    ['loses what is no option of docker', { tmpfs: ['/tmp'], colour: 'blue' }, {}, ['Missing tmpfs', 'Missing colour']],
    ['says nothing of null', { hostname: null }, { hostname: null }, []],
    ['keeps the gateway to the host', { extra_hosts: ['a:host-gateway', 'b:10.0.0.1'] }, { extra_hosts: ['a:host-gateway', 'b:10.0.0.1'] }, ['Equal extra_hosts']],
    ['has no names of volumes of a driver', { volumes: ['data:/data'], volume_driver: 'pxd' }, {}, ['Missing volumes', 'Missing volume_driver']],
    ['keeps a network mode of its own', { network_mode: 'host' }, {}, ['Missing network_mode']]
  ])('%s', (_name, config, expected, told) => {
    expect(migrated(config)).toEqual({ config: expected, told })
  })

  it('keeps the modes of the network where the group has none', () => {
    const none = { ...nothingAround }
    expect(migrated({ network_mode: 'host', ports: ['http'], extra_hosts: ['a:10.0.0.1'] }, none).told).toEqual(['Equal network_mode', 'Equal ports', 'Equal extra_hosts'])
    expect(migrated({ network_mode: 'host' }, none).told).toEqual(['Equal network_mode'])
    expect(migrated({ network_mode: 'bridge' }, none).told).toEqual(['Equal network_mode'])
    expect(migrated({ network_mode: 'default' }, none)).toEqual({ config: { network_mode: 'bridge' }, told: ['Converted network_mode'] })
    expect(migrated({ network_mode: 'container:db-${NOMAD_ALLOC_ID}' }, none)).toEqual({ config: { network_mode: 'task:db' }, told: ['Converted network_mode'] })
    expect(migrated({ network_mode: 'container:3f2a' }, none)).toEqual({ config: {}, told: ['Missing network_mode'] })
    expect(migrated({ network_mode: 'my-net' }, none)).toEqual({ config: {}, told: ['Missing network_mode'] })
    expect(migrated({ ports: ['http'] }, none).told).toEqual(['Equal ports'])
    expect(migrated({ ports: ['http'] }).told).toEqual(['Equal ports'])
    expect(migrated({ ports: ['http'] }, { ...BRIDGE, ports: ['db'] }).told).toEqual(['Differs ports'])
    expect(migrated({ ports: ['db'] }, { ...BRIDGE, ports: ['db'] }).told).toEqual(['Equal ports'])
  })

  it('says what dockerd does without being told', () => {
    expect(migrated({}, { ...nothingAround, hasNvidia: true, driverAddresses: ['web'] }).told).toEqual(['Differs resources.device', 'Differs service'])
    expect(migrated({}, { ...BRIDGE, driverAddresses: ['web'] }).told).toEqual([])
    for (const config of [{ ports: ['a'] }, { network_mode: 'bridge' }])
      expect(migrated(config, { ...nothingAround, driverAddresses: ['web'] }).told).not.toContain('Differs service')
  })
})

describe('security_opt', () => {
  it.each<[ReadonlyArray<string>, unknown, string]>([
    [['no-new-privileges'], { no_new_privileges: true }, 'Converted'],
    [['no-new-privileges:false'], { no_new_privileges: false }, 'Converted'],
    [['seccomp=unconfined'], { seccomp: false }, 'Converted'],
    [['seccomp:/etc/s.json'], { seccomp: true, seccomp_profile: '/etc/s.json' }, 'Converted'],
    [['seccomp=s.json'], {}, 'Missing'],
    [['apparmor=web', 'apparmor=db'], { apparmor_profile: 'db' }, 'Converted'],
    [['label=disable'], { selinux_opts: ['disable'] }, 'Converted'],
    [['label=level:s0:c1,c2', 'label:type:web_t'], { selinux_opts: ['level:s0:c1,c2', 'type:web_t'] }, 'Converted'],
    [['systempaths=unconfined'], { masked_paths: [], readonly_paths: [] }, 'Converted'],
    [['credentialspec=x'], {}, 'Missing'],
    [['credentialspec=x', 'apparmor=web'], { apparmor_profile: 'web' }, 'Differs'],
    [[], {}, 'Converted']
  ])('%j is %j', (words, expected, tag) => {
    const { config, told } = migrated({ security_opt: words })
    expect(config).toEqual(expected)
    expect(told).toEqual([`${tag} security_opt`])
  })
})

describe('mounts', () => {
  it('of both names become one list', () => {
    const config = { mount: [{ source: 'a', target: '/a' }], mounts: { source: 'b', target: '/b', volume_options: { no_copy: true } } }
    expect(migrated(config).config).toEqual({ mount: [{ source: 'a', target: '/a' }, { source: 'b', target: '/b' }] })
  })

  it('of memory keep the flags that dockerd gives them', () => {
    expect(migrated({ mount: [{ type: 'tmpfs', target: '/t', bind_options: {} }] })).toEqual({
      config: { mount: [{ type: 'tmpfs', options: ['noexec', 'nosuid', 'nodev'], target: '/t' }] },
      told: ['Converted mount.type', 'Equal mount.target', 'Converted mount.bind_options']
    })
  })

  it('without a name are left out, and told of among others', () => {
    expect(migrated({ mount: [{ target: '/a' }] })).toEqual({ config: {}, told: ['Missing mount'] })
    expect(migrated({ mount: [{ target: '/a' }, { target: '/b', source: 'b' }] }).told).toEqual(['Differs mount', 'Equal mount.target', 'Equal mount.target', 'Equal mount.source'])
  })

  it('of a host path must exist, those of `volumes` here only, and docker\'s socket need not', () => {
    expect(migrated({ mounts: [{ type: 'bind', source: '/srv', target: '/srv' }] }).told).toContain('Equal mounts.source')
    expect(migrated({ mounts: [{ type: 'bind', source: '/var/run/docker.sock', target: '/srv' }] }).told).toContain('Differs mounts.source')
    expect(migrated({ volumes: ['/srv:/srv'] }).told).toEqual(['Differs volumes'])
    expect(migrated({ volumes: ['/etc/hosts:/h:ro', '/proc:/host/proc', '/:/rootfs:ro'] }).told).toEqual(['Equal volumes'])
    expect(migrated({ volumes: ['local/a:/a', './local/d/:/d', 'local:/l'] }, { ...BRIDGE, made: ['local/a', 'local/d/e'] }).told).toEqual(['Equal volumes'])
    expect(migrated({ volumes: ['local/ab:/a'] }, { ...BRIDGE, made: ['local/a', 'local/abc'] }).told).toEqual(['Differs volumes'])
    expect(migrated({ volumes: ['/etc/hosts:/h:z'] }).told).toEqual(['Differs volumes'])
    expect(migrated({ volumes: ['/var/run/docker.sock:/s'] }).told).toEqual(['Differs volumes'])
    expect(migrated({ volumes: [] }).told).toEqual(['Equal volumes'])
  })
})

describe('an option that is an expression', () => {
  const item = (name: string, value: Item['value']): Item => ({ at: '0.0', name, form: 'attribute', value, inner: [] })
  const made = (one: Item): { readonly edits: ReadonlyArray<Edit>; readonly told: ReadonlyArray<string> } => {
    const { edits, findings } = migrateConfig([one], BRIDGE)
    return { edits, told: findings.map(({ option, tag }) => `${tag} ${option}`) }
  }

  it('stays when it is equal, whatever it comes to', () => {
    expect(made(item('args', UNKNOWN))).toEqual({ edits: [], told: ['Equal args'] })
    expect(made(item('hostname', Evaluated('')))).toEqual({ edits: [], told: ['Equal hostname'] })
  })

  it('stays under its new name', () => {
    expect(made(item('work_dir', UNKNOWN))).toEqual({ edits: [{ op: 'Rename', at: '0.0', to: 'cwd' }], told: ['Renamed work_dir'] })
  })

  it('is left to a person when another value would be needed', () => {
    expect(made(item('image', Evaluated('https://redis')))).toEqual({ edits: [], told: ['Differs image'] })
    expect(made(item('pids_limit', Evaluated(99_999_999)))).toEqual({ edits: [], told: ['Differs pids_limit'] })
  })

  it('is left out when it could not stay', () => {
    expect(made(item('security_opt', Evaluated(['seccomp=unconfined'])))).toMatchObject({ edits: [{ op: 'Replace', with: [] }], told: ['Missing security_opt'] })
    expect(made(item('logging', UNKNOWN))).toMatchObject({ edits: [{ op: 'Replace', with: [] }], told: ['Missing logging'] })
  })

  it('is to be compared when the value decides and nobody knows it', () => {
    expect(made(item('network_mode', UNKNOWN))).toEqual({ edits: [], told: ['Differs network_mode'] })
  })
})

describe('aroundOf', () => {
  const job = { ID: 'j' }

  it('finds network, ports, GPUs, and services with an address of the driver', () => {
    const services = [{ Name: 'a', AddressMode: 'driver' }, { Name: 'b', Checks: [{ AddressMode: 'driver' }] }, { Name: 'c', AddressMode: 'host' }]
    const task = { Name: 't', Driver: 'docker', Resources: { Devices: [{ Name: 'nvidia/gpu' }] }, Services: services, Templates: [{ DestPath: 'local/x' }] }
    const group = { Name: 'g', Networks: [{ Mode: 'bridge', ReservedPorts: [{ Label: 'a' }], DynamicPorts: [{ Label: 'b' }] }] }
    expect(aroundOf('podman', { job, group, task })).toEqual({ driver: 'podman', network: 'bridge', ports: ['a', 'b'], hasNvidia: true, made: ['local/x'], driverAddresses: ['a', 'b'] })
  })

  it('finds nothing where there is nothing', () => {
    const task = { Name: 't', Driver: 'docker', Resources: { Devices: [{ Name: 'intel/fpga' }] } }
    expect(aroundOf('docker', { job, group: { Name: 'g', Networks: [{ Mode: 'host' }] }, task })).toEqual({ ...nothingAround, ports: [] })
  })
})
