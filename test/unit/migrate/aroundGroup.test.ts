import { notesOf } from '../../../src/core/migrate/aroundGroup'
import { byOption } from '../../../src/core/migrate/Finding'

type Part = Readonly<Record<string, unknown>>

const task = (name: string, more: Part = {}): { readonly Name: string; readonly Driver: string } => ({ Name: name, Driver: 'docker', ...more })

const told = (group: Part, job: Part = {}, isRewritten: (name: string) => boolean = () => true): ReadonlyArray<string> =>
  notesOf({ ID: 'j', ...job, TaskGroups: [{ Name: 'g', ...group }] }, isRewritten).flatMap(({ of, name, findings }) => findings.map(({ option, text }) => `${of} ${name} ${option}: ${text}`))

const BRIDGE = { Networks: [{ Mode: 'bridge' }] }

describe('the network of a group', () => {
  it.each<[string, Part, string]>([
    ['that has none', {}, 'the group has no `network`: `t` has a loopback only here, where dockerd gives it a bridge with a way out: set `network_mode = "bridge"` in its `config`, publish `ports`, or give the group `network { mode = "bridge" }`'],
    ['without a mode', { Networks: [{}] }, "the group's `network` has no `mode`, and so is the host's: `t` has"],
    ['of the host', { Networks: [{ Mode: 'host' }] }, "the group's `network` is the host's: `t` has"]
  ])('%s is told once, with its way out', (_name, group, expected) => {
    expect(told({ Tasks: [task('t')], ...group })).toEqual([expect.stringContaining(`group g network: ${expected}`)])
  })

  it('is told for all its tasks together', () => {
    const text = told({ Tasks: [task('t', { Config: { ports: [] } }), task('u', { Driver: 'podman' }), task('v', { Config: { ports: ['http'] } })], Networks: [{}] })
    expect(text).toEqual([expect.stringContaining('`t`, `u` have a loopback only here, where dockerd and podman give them a bridge with a way out: set `network_mode = "bridge"`')])
  })

  it.each<[string, Part]>([
    ['is a bridge', { Tasks: [task('t')], ...BRIDGE }],
    ['is a CNI network', { Tasks: [task('t')], Networks: [{ Mode: 'cni/blue' }] }],
    ['is made by published ports', { Tasks: [task('t', { Config: { ports: ['http'] } })], Networks: [{}] }],
    ['is not used by any task', { Tasks: [task('t', { Config: { network_mode: 'host' } })] }],
    ['has no task that is rewritten', { Tasks: [task('t', { Driver: 'exec' })] }]
  ])('is no word when it %s', (_name, group) => {
    expect(told(group)).toEqual([])
  })

  it('is told once of groups that are alike', () => {
    const groups = ['a', 'b'].map((Name) => ({ Name, Tasks: [task('t')] }))
    expect(notesOf({ ID: 'j', TaskGroups: [...groups, { Name: 'c', Tasks: [task('u')] }] }, () => true).map(({ name }) => name)).toEqual(['a, b', 'c'])
  })

  it('is not told of tasks that are left alone', () => expect(told({ Tasks: [task('t')] }, {}, () => false)).toEqual([]))

  it('says which task then needs a group of its own', () => {
    expect(told({ Tasks: [task('t'), task('u', { Config: { network_mode: 'host' } })] })).toEqual([expect.stringContaining("; `u` on the host's network then needs a group of its own")])
  })

  it('knows the old kind in `resources`', () => {
    expect(told({ Tasks: [task('t', { Resources: { Networks: [{ MBits: 1 }] } })] })).toEqual([expect.stringContaining('(one in `resources` is of the old kind)')])
  })
})

describe('a service of Consul Connect', () => {
  const service = (Connect: Part): Part => ({ ...BRIDGE, Services: [{ Name: 'web', Connect }], Tasks: [task('t')] })

  it.each<[string, Part, string]>([
    ['with a sidecar', { SidecarService: {} }, 'Nomad runs the proxy of `web` with driver docker'],
    ['with a sidecar task of docker', { SidecarService: {}, SidecarTask: { Driver: 'docker' } }, 'with driver docker'],
    ['with a sidecar task of podman', { SidecarService: {}, SidecarTask: { Driver: 'podman' } }, 'with driver podman'],
    ['with a sidecar task without a driver', { SidecarService: {}, SidecarTask: { Resources: {} } }, 'with driver docker'],
    ['that is a gateway', { Gateway: { Ingress: {} } }, 'Nomad runs the gateway of `web` with driver docker']
  ])('%s still needs that driver', (_name, connect, expected) => {
    expect(told(service(connect))).toEqual([expect.stringContaining(expected)])
  })

  it.each<[string, Part]>([
    ['that speaks for itself', { Native: true }],
    ['whose sidecar is of this driver', { SidecarService: {}, SidecarTask: { Driver: 'containerd-driver' } }],
    ['whose sidecar is a program', { SidecarService: {}, SidecarTask: { Driver: 'exec' } }]
  ])('%s is no word', (_name, connect) => expect(told(service(connect))).toEqual([]))

  it('has a proxy of podman while a podman task stays, and none of docker', () => {
    const tasks = [task('t', { Driver: 'podman' }), task('u', { Driver: 'podman' })]
    expect(told({ ...service({ SidecarService: {} }), Tasks: tasks }, {}, (name) => name === 'g/t')).toEqual([expect.stringContaining('with driver podman')])
    expect(told({ ...service({ SidecarService: {} }), Tasks: tasks })).toEqual([expect.stringContaining('with driver docker')])
  })
})

describe('a rule of placement', () => {
  const rule = { LTarget: '${attr.driver.docker.version}', RTarget: '20' }

  it('that looks for docker is told where it stands', () => {
    const group = { ...BRIDGE, Affinities: [{ LTarget: '${attr.driver.podman}' }], Tasks: [task('t', { Constraints: [rule] })] }
    expect(told(group, { Constraints: [rule] })).toEqual([
      'job j constraint: `${attr.driver.docker.version}` looks for clients with docker: use `${attr.driver.containerd-driver}`',
      'group g affinity: `${attr.driver.podman}` looks for clients with podman: use `${attr.driver.containerd-driver}`',
      'group g constraint: of `t`: `${attr.driver.docker.version}` looks for clients with docker: use `${attr.driver.containerd-driver}`'
    ])
  })

  it('of anything else is no word', () => {
    expect(told({ ...BRIDGE, Tasks: [task('t')], Constraints: [{ LTarget: '${attr.kernel.name}', RTarget: 'docker' }] })).toEqual([])
    expect(told({ Tasks: [task('t', { Driver: 'exec' })] }, { Constraints: [rule] })).toEqual([])
  })
})

describe('findings of one option', () => {
  it('are one: the worst, with all that is told, in the order of the first', () => {
    expect(byOption([
      { option: 'ports', tag: 'Equal', text: '' }, { option: 'args', tag: 'Equal', text: '' },
      { option: 'ports[0]', tag: 'Differs', text: 'b' }, { option: 'ports[1]', tag: 'Converted', text: 'a' }, { option: 'ports[2]', tag: 'Differs', text: 'b' }
    ])).toEqual([{ option: 'ports', tag: 'Differs', text: 'b; a' }, { option: 'args', tag: 'Equal', text: '' }])
  })
})
