import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { compileCommand } from '../../src/cli/compile/compile'
import { factsCommand } from '../../src/cli/machine/facts/facts'
import * as factsFile from '../../src/core/facts/factsFile'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { hostAndRunc } from '../../src/effects/host/runcVersion'
import { importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { EXECUTABLE } from './harness/plugin'
import { right } from './harness/right'

let daemon: PrivateContainerd
let containerd: Containerd
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'facts-test-'))

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
}, 60_000)

afterAll(async () => {
  containerd.close()
  await daemon.stop()
  fs.rmSync(dir, { recursive: true })
})

const file = (name: string, document: unknown): string => {
  fs.writeFileSync(path.join(dir, name), typeof document === 'string' ? document : JSON.stringify(document))
  return path.join(dir, name)
}

const plugin = (address = daemon.address): string => file('plugin.json', {
  containerd_runtime: 'io.containerd.runc.v2', address, namespace: daemon.namespace, volumes: { enabled: true, allowed_paths: [dir] }
})

const job = (...configs: ReadonlyArray<object>): string => file('job.json', {
  Job: { ID: 'j', TaskGroups: [{ Name: 'g', Tasks: configs.map((Config, index) => ({ Name: `t${String(index)}`, Driver: 'containerd-driver', User: 'nobody', Config: { image: 'busybox:1.36', command: 'true', ...Config } })) }] }
})

const read = (text: string): unknown => right(factsFile.decode(JSON.parse(text)))

it('without a job they are those of the host, and the executable prints them to anybody', async () => {
  const { exitCode, stderr, stdout } = await factsCommand(undefined, {})
  expect([exitCode, stderr]).toEqual([0, ''])
  expect(JSON.parse(stdout)).toEqual({ host: { ...await hostAndRunc(), cpuMhz: expect.any(Number) as number } })
  const anybody = spawnSync('setpriv', ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath, EXECUTABLE, 'facts'], { encoding: 'utf8' })
  expect([anybody.status, anybody.stderr]).toEqual([0, ''])
  expect(JSON.parse(anybody.stdout)).toMatchObject({ host: { kernel: os.release() } })
})

it('with a job they hold all that it asks: image, paths with their links, devices, files; and compile reads them', async () => {
  fs.mkdirSync(path.join(dir, 'data'), { recursive: true })
  fs.symlinkSync('data', path.join(dir, 'link'))
  const profile = file('profile.json', { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [] })
  const one = job({
    devices: ['/dev/null'], seccomp: true, seccomp_profile: profile,
    mounts: [{ type: 'bind', source: path.join(dir, 'link'), target: '/data' }, { type: 'bind', source: 'local', target: '/own' }]
  })
  const output = path.join(dir, 'facts.json')
  expect(await factsCommand(one, { plugin: plugin(), output })).toEqual({ exitCode: 0, stdout: '', stderr: '' })
  const facts = read(fs.readFileSync(output, 'utf8'))
  expect(facts).toMatchObject({
    images: { 'docker.io/library/busybox:1.36': { config: { cmd: ['sh'] }, passwd: expect.stringContaining('nobody:x:65534') as string } },
    paths: { [path.join(dir, 'link')]: { kind: 'directory', realPath: path.join(dir, 'data') }, [dir]: { kind: 'directory' } },
    devices: { '/dev/null': { type: 'c', major: 1, minor: 3 } },
    files: { [profile]: { kind: 'file', text: fs.readFileSync(profile, 'utf8') } }
  })
  const compiled = await compileCommand([one], { plugin: plugin(), facts: output })
  expect(compiled.exitCode).toBe(0)
  const spec = JSON.parse(compiled.stdout) as { readonly process: { readonly user: { readonly uid: number }; readonly args: ReadonlyArray<string> }; readonly mounts: ReadonlyArray<{ readonly destination: string; readonly source: string }> }
  expect(spec.process).toMatchObject({ user: { uid: 65534 }, args: ['true'] })
  const sources = ['/data', '/own'].map((at) => spec.mounts.find(({ destination }) => destination === at)?.source)
  // The operator's config lists the directory, so what lies in it is pinned.
  expect(JSON.parse((await compileCommand([one], { plugin: plugin(), facts: output, full: true })).stdout)).toMatchObject({ mounts: [{ _tag: 'File' }, { _tag: 'Pin', path: sources[0], source: path.join(dir, 'data') }] })
  expect(sources).toEqual([
    expect.stringContaining('/mounts/'), '/var/lib/nomad/alloc/00000000-0000-4000-8000-000000000001/t0/local'
  ])
})

it('hold the answers to what the first answers raise: the devices of CDI files', async () => {
  const kind = `test-${String(process.pid)}.example.com/null`
  const cdi = `/etc/cdi/facts-test-${String(process.pid)}.json`
  const made = !fs.existsSync('/etc/cdi')
  fs.mkdirSync('/etc/cdi', { recursive: true })
  fs.writeFileSync(cdi, JSON.stringify({ cdiVersion: '0.6.0', kind, devices: [{ name: '0', containerEdits: { deviceNodes: [{ path: '/dev/zero' }] } }] }))
  try {
    const { exitCode, stdout, stderr } = await factsCommand(job({ devices: [`${kind}=0`] }), { plugin: plugin() })
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({ cdi: { [cdi]: { kind } }, devices: { '/dev/zero': { major: 1, minor: 5 } } })
  } finally {
    fs.rmSync(cdi)
    if (made) fs.rmSync('/etc/cdi', { recursive: true })
  }
})

it('leave out the image where containerd or the image is not there, say so, and print the rest', async () => {
  const nowhere = await factsCommand(job({}), { plugin: plugin('/nowhere.sock') })
  expect(nowhere.exitCode).toBe(0)
  expect(nowhere.stderr).toMatch(/^notice: image docker\.io\/library\/busybox:1\.36: is not in these facts: .*containerd does not answer at \/nowhere\.sock \(no such socket\)/)
  expect(Object.keys(JSON.parse(nowhere.stdout) as object)).toEqual(['host'])
  const absent = await factsCommand(job({ image: 'redis:7' }, { image: 'busybox:1.36' }), { plugin: plugin() })
  expect(absent.stderr).toBe(`notice: image docker.io/library/redis:7: is not in these facts: containerd at ${daemon.address} has it not, or not unpacked, in the namespace ${daemon.namespace}; \`containerd-driver lock\` asks its registry\n`)
  expect(Object.keys((JSON.parse(absent.stdout) as { readonly images: object }).images)).toEqual(['docker.io/library/busybox:1.36'])
})

it('are those of the task that --task names, else of every task; two platforms of one image are told', async () => {
  const several = job({ devices: ['/dev/null'] }, { devices: ['/dev/zero'] }, { platform: 'linux/arm64' })
  const [one, all] = [await factsCommand(several, { plugin: plugin(), task: 'g/t1' }), await factsCommand(several, { plugin: plugin() })]
  expect([one.stdout, all.stdout].map((text) => Object.keys((JSON.parse(text) as { readonly devices: object }).devices))).toEqual([['/dev/zero'], ['/dev/null', '/dev/zero']])
  expect(all.stderr).toContain('is asked for on several platforms, and a facts file holds one')
})

it.each<readonly [string, () => [string, object], string]>([
  ['a job that is not there', () => ['/nope.json', {}], '/nope.json: no such file\n'],
  ['a job that is wrong', () => [job({ imag: 'x' }), {}], 'task.imag'],
  ['a task that is not there', () => [job({}), { task: 'g/x' }], '--task g/x'],
  ['a file that cannot be written', () => [job({}), { plugin: plugin('/nowhere.sock'), output: path.join(dir, 'nope/facts.json') }], 'nope/facts.json: cannot be written']
])('refuse %s', async (_what, made, text) => {
  const said = await factsCommand(...made())
  expect([said.exitCode, said.stdout]).toEqual([2, ''])
  expect(said.stderr).toContain(text)
})

it('are those of a fixture directory too', async () => {
  const said = await factsCommand(path.join(__dirname, '../../fixtures/specs/cap-drop-all-add-one'), {})
  expect(said.exitCode).toBe(0)
  expect(JSON.parse(said.stdout)).toHaveProperty('host.kernel')
})
