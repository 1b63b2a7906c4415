import * as path from 'node:path'

import { Output } from '../../../src/cli/output/Output'
import { commandLine, job, ours, put, workDir } from '../../fakes/commandLine'

const dir = workDir()
const file = (name: string): string => path.join(dir, name)

const IMAGE = 'image = "example/app:1.0"'

const compiled = async (lines: ReadonlyArray<string>, user?: string, ...more: ReadonlyArray<string>): Promise<Output> => {
  const inside = ours(...lines) + (user === undefined ? '' : `\n      user = "${user}"`)
  put(dir, { 'j.hcl': job({ app: inside }) })
  return commandLine('compile', file('j.hcl'), ...more)
}

type Spec = Readonly<Record<string, never>>

const specOf = async (lines: ReadonlyArray<string>, user?: string): Promise<Spec> => {
  const { stdout, stderr, exitCode } = await compiled(lines, user)
  if (exitCode !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Spec
}

describe('what only an image knows', () => {
  it.each<readonly [string | undefined, object]>([
    ['root', { uid: 0, gid: 0, additionalGids: [0, '${image.user.root.groups}'] }],
    ['0', { uid: 0, gid: 0, additionalGids: [0, '${image.user.0.groups}'] }],
    ['nobody', { uid: '${image.user.nobody.uid}', gid: '${image.user.nobody.gid}', additionalGids: ['${image.user.nobody.gid}', '${image.user.nobody.groups}'] }],
    ['1000', { uid: 1000, gid: '${image.user.1000.gid}', additionalGids: ['${image.user.1000.gid}', '${image.user.1000.groups}'] }],
    ['1000:1000', { uid: 1000, gid: 1000, additionalGids: [1000] }],
    ['1000:adm', { uid: 1000, gid: '${image.group.adm.gid}', additionalGids: ['${image.group.adm.gid}'] }],
    ['web:adm', { uid: '${image.user.web.uid}', gid: '${image.group.adm.gid}', additionalGids: ['${image.group.adm.gid}'] }],
    [undefined, { uid: '${image.config.User.uid}', gid: '${image.config.User.gid}', additionalGids: ['${image.config.User.gid}', '${image.config.User.groups}'] }]
  ])('the user %j', async (user, expected) => {
    expect(await specOf([IMAGE], user)).toMatchObject({ process: { user: expected } })
  })

  it('a group of the job, and the directory', async () => {
    const spec = await specOf([IMAGE, 'group_add = ["video", "44"]'], '1:1')
    expect(spec).toMatchObject({ process: { cwd: '${image.config.WorkingDir}', user: { additionalGids: [1, '${image.group.video.gid}', 44] } } })
  })
})

describe('what only a host knows', () => {
  it('a device, which may be a directory: no number of another one is offered', async () => {
    const { stdout, stderr, exitCode } = await compiled([IMAGE, 'devices = ["/dev/dri"]'], '1:1')
    expect(exitCode).toBe(0)
    const name = '${host.device./dev/dri}'
    expect(JSON.parse(stdout)).toMatchObject({ linux: { devices: [{ path: '/dev/dri', type: name, major: name, minor: name }] } })
    expect(stderr).toContain('a directory')
    expect(stdout + stderr).not.toMatch(/229|438/)
  })

  it('a filter, a CDI device, a device with a rate', async () => {
    const spec = await specOf([IMAGE, 'seccomp = true', 'seccomp_profile = "/opt/p.json"', 'devices = ["nvidia.com/gpu=0"]', 'device_read_bps = ["/dev/nvme9n1:1m"]'], '1:1')
    expect(spec).toMatchObject({ linux: { seccomp: '${host.file./opt/p.json}', devices: [{ path: '${host.cdi.nvidia.com/gpu=0}', major: '${host.cdi.nvidia.com/gpu=0}' }] } })
    expect(JSON.stringify(spec)).toContain('"major":"${host.device./dev/nvme9n1}"')
  })
})

describe('what only a client knows', () => {
  it('stands in every option as it is written', async () => {
    const { stdout, exitCode } = await compiled([
      'image = "example/app:${meta.version}"', 'hostname = "${attr.unique.hostname}"', 'cwd = "${meta.dir}"',
      'extra_hosts = ["db:${attr.unique.network.ip-address}"]', 'dns_servers = ["${meta.dns}"]', 'memory_reservation = "${meta.memory}"'
    ], '${meta.user}', '--full')
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      container: { image: { name: 'docker.io/example/app:${meta.version}' } },
      fetch: { name: 'docker.io/example/app:${meta.version}' },
      spec: { hostname: '${attr.unique.hostname}', process: { cwd: '${meta.dir}' } },
      left: [{ option: 'task.memory_reservation', value: '${meta.memory}' }]
    })
    expect(stdout).toContain('${attr.unique.network.ip-address} db')
    expect(stdout).toContain('nameserver ${meta.dns}')
    expect(stdout).not.toMatch(/u[0-9a-f]{8}x|\b20\d{8}\b|fd00::/)
  })

  it('is told at its option, and check finds nothing wrong', async () => {
    put(dir, { 'c.hcl': job({ app: ours('image = "example/app:${meta.version}"', 'cwd = "${meta.dir}"') }) })
    const { stdout, exitCode } = await commandLine('check', file('c.hcl'))
    expect(exitCode).toBe(0)
    expect(stdout).toContain('c.hcl:6,9: note: task.image: ${meta.version} is known only on a Nomad client')
    expect(stdout).toContain('example/app:${meta.version} has no digest')
  })

  it('a mistake beside it is told all the same', async () => {
    expect(await compiled(['image = "example/app:${meta.version}"', 'memory_swappiness = 900'])).toMatchObject({
      exitCode: 2, stderr: expect.stringContaining('task.memory_swappiness')
    })
  })
})

it('--strict refuses a name, and takes a job that says everything', async () => {
  expect(await compiled([IMAGE], 'nobody', '--strict')).toMatchObject({ stdout: '', exitCode: 2, stderr: expect.stringContaining('${image.user.nobody.uid}') })
  expect(await compiled([IMAGE, 'entrypoint = ["/a"]', 'cwd = "/"'], '1:1', '--strict')).toMatchObject({ exitCode: 0 })
})

it('what is not known is never said to be harmless, and the same name is the same', async () => {
  const one = (user: string, ...lines: ReadonlyArray<string>): string => job({ app: `${ours(IMAGE, ...lines)}\n      user = "${user}"` })
  put(dir, { 'a.hcl': one('1:1'), 'b.hcl': one('nobody'), 'c.hcl': one('1:1', 'devices = ["/dev/dri"]'), 'd.hcl': one('1:1', 'devices = ["/dev/snd:/dev/dri"]') })
  const diff = (a: string, b: string): Promise<Output> => commandLine('diff', file(a), file(b), '--fail-on', 'weakens,unknown')
  expect(await diff('b.hcl', 'b.hcl')).toMatchObject({ exitCode: 0 })
  expect(await diff('a.hcl', 'b.hcl')).toMatchObject({ exitCode: 1 })
  expect(await diff('b.hcl', 'a.hcl')).toMatchObject({ exitCode: 1 })
  expect(await diff('c.hcl', 'd.hcl')).toMatchObject({ exitCode: 1 })
})
