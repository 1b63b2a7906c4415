import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { EXECUTABLE } from './harness/plugin'

const ROOT = path.join(__dirname, '../..')

interface Said {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

const cli = (...args: ReadonlyArray<string>): Said => {
  const { status, stdout, stderr } = spawnSync(EXECUTABLE, args, { encoding: 'utf8', cwd: ROOT })
  return { code: status, out: stdout, err: stderr }
}

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'cli-test-'))

const file = (name: string, text: string): string => {
  fs.writeFileSync(path.join(dir, name), text)
  return path.join(dir, name)
}

afterAll(() => { fs.rmSync(dir, { recursive: true }) })

const HELLO = 'examples/hello.nomad.hcl'

const job = (tasks: string): string => `job "j" {\n group "g" {\n${tasks}\n}\n}\n`
const task = (name: string, driver = 'containerd-driver', config = 'image = "busybox:1.36"\ncommand = "true"'): string =>
  `task "${name}" {\n driver = "${driver}"\n config {\n${config}\n}\n}\n`

describe('the command line', () => {
  it('has help and a version', () => {
    expect(cli('--help')).toMatchObject({ code: 0 })
    expect(cli('--version').out).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(cli('compile', '--help').out).toContain('--image-config')
  })

  it('compiles an HCL job to canonical JSON, with notices on stderr only', () => {
    const said = cli('compile', HELLO)
    expect(said.code).toBe(0)
    const spec = JSON.parse(said.out) as { readonly process: { readonly args: ReadonlyArray<string>; readonly env: ReadonlyArray<string> } }
    expect(spec.process.args.slice(0, 2)).toEqual(['${image.config.Entrypoint}', 'sh'])
    expect(spec.process.env).toContain('GREETING=hello')
    expect(said.out.endsWith('}\n')).toBe(true)
    expect(said.err).toContain('notice: task.image: the config of the image is not known')
  })

  it('prints the same spec for the HCL job and its JSON form, and the compact form is the same document', () => {
    const json = file('hello.json', JSON.stringify({ Job: { ID: 'hello', TaskGroups: [{ Name: 'g', Tasks: [{ Name: 't', Driver: 'containerd-driver', Config: { image: 'busybox:1.36', command: 'true', pids_limit: null }, Resources: { CPU: 100, MemoryMB: 32 } }] }] } }))
    const [pretty, compact] = [cli('compile', json), cli('compile', '--compact', json)]
    expect(pretty.code).toBe(0)
    expect(JSON.parse(compact.out)).toEqual(JSON.parse(pretty.out))
    expect(compact.out).not.toMatch(/\s$/)
  })

  it('reads the operator\'s options bare, in a plugin block and in an agent file, in HCL and JSON', () => {
    const options = 'containerd_runtime = "io.containerd.kata.v2"\nallow_privileged = false\n'
    const block = `plugin "containerd-driver" {\n config {\n${options}}\n}\n`
    const files = [
      file('bare.hcl', options), file('block.hcl', block), file('agent.hcl', `data_dir = "/x"\n${block}plugin "docker" {\n config {\n }\n}\n`),
      file('bare.json', '{"containerd_runtime":"io.containerd.kata.v2","allow_privileged":false}')
    ]
    const plans = files.map((one) => cli('plan', '--plugin', one, HELLO))
    expect(plans.map(({ code }) => code)).toEqual([0, 0, 0, 0])
    expect(new Set(plans.map(({ out }) => out)).size).toBe(1)
    expect(cli('plan', '--plugin', file('other.hcl', 'plugin "docker" {\n config {\n }\n}\n'), HELLO)).toMatchObject({ code: 2 })
    expect(cli('plan', '--plugin', file('typo.hcl', 'containerd_runtim = "x"\n'), HELLO).err).toContain('did you mean "containerd_runtime"?')
  })

  it('takes user, environment and entrypoint from an image config', () => {
    const config = file('image.json', JSON.stringify({ architecture: 'amd64', config: { User: '1000:1000', Env: ['A=b'], Entrypoint: ['/e'] } }))
    const said = cli('compile', '--image-config', config, HELLO)
    expect(said.err).not.toContain('notice: task.image: the config of the image is not known')
    const spec = JSON.parse(said.out) as { readonly process: { readonly args: ReadonlyArray<string>; readonly user: { readonly uid: number } } }
    expect([spec.process.args[0], spec.process.user.uid]).toEqual(['/e', 1000])
  })

  it('skips tasks of other drivers with a notice, plans each of several, asks which one to explain, and refuses a job with none', () => {
    expect(cli('plan', file('two.hcl', job(task('a', 'docker') + task('b')))).err).toContain('g/a: skipped: its driver is docker')
    const several = file('several.hcl', job(task('a') + task('b')))
    expect(cli('plan', several)).toMatchObject({ code: 0, out: expect.stringMatching(/^# g\/a\n[^]*\n# g\/b\n/) as string })
    expect(cli('explain', several, 'image')).toMatchObject({ code: 2, err: expect.stringContaining('--task GROUP/TASK: g/a, g/b') as string })
    expect(cli('plan', '--task', 'g/b', several).code).toBe(0)
    expect(cli('plan', '--task', 'g/c', several).err).toContain('g/a, g/b')
    expect(cli('plan', file('none.hcl', job(task('a', 'docker'))))).toMatchObject({ code: 2 })
  })

  it('leaves what only a client knows as written, and says so', () => {
    const said = cli('compile', file('ref.hcl', job(task('a', 'containerd-driver', 'image = "busybox:1.36"\ncommand = "echo"\nargs = ["${attr.kernel.name}", "${NOMAD_TASK_NAME}", "${NOMAD_TASK_DIR}/x"]'))))
    const spec = JSON.parse(said.out) as { readonly process: { readonly args: ReadonlyArray<string> } }
    expect(spec.process.args).toEqual(['${image.config.Entrypoint}', 'echo', '${attr.kernel.name}', 'a', '/local/x'])
    expect(said.err).toContain('${attr.kernel.name} is known only on a Nomad client')
  })

  it.each([
    ['a broken job, with line and column', ['compile', file('broken.hcl', 'job "x" {\n  group "g" {\n')], 'broken.hcl:'],
    ['a file that is not there', ['compile', '/nope.hcl'], '/nope.hcl: no such file'],
    ['an empty directory', ['compile', fs.mkdtempSync(path.join(dir, 'empty-'))], 'is a directory and no fixture: it has no task.json'],
    ['a file that is no JSON', ['compile', file('bad.json', '{"a":')], 'bad.json:1,6: is no JSON'],
    ['an unknown command', ['compil', 'x'], 'Did you mean compile'],
    ['an unknown option', ['compile', '--pluginn', 'x', HELLO], '--plugin'],
    ['a named user that nobody knows, where nothing may be unknown', ['compile', '--strict', file('user.hcl', job(task('a').replace('config {', 'user = "web"\n config {')))], '${image.user.web.uid}']
  ])('refuses %s with exit code 2', (_what, args, text) => {
    const said = cli(...args)
    expect([said.code, said.out]).toEqual([2, ''])
    expect(said.err).toContain(text)
    expect(said.err).not.toMatch(/^\s+at /m)
  })

  it('says how to get the parser when it is not there; a JSON job does without', () => {
    const { status, stderr } = spawnSync(EXECUTABLE, ['plan', HELLO], { encoding: 'utf8', cwd: ROOT, env: { ...process.env, CONTAINERD_DRIVER_JOBSPEC: '/nope.wasm' } })
    expect(status).toBe(2)
    expect(stderr).toContain('npm run build')
    expect(stderr).toContain('nomad job run -output')
  })
})

describe('run', () => {
  it('names the socket where no containerd is, and the way out', () => {
    const plugin = file('nowhere.hcl', 'containerd_runtime = "io.containerd.runc.v2"\naddress = "/nowhere.sock"\n')
    const said = cli('run', '--plugin', plugin, HELLO)
    expect(said.code).toBe(2)
    expect(said.err).toContain('does not answer at /nowhere.sock (no such socket); start it, or set the plugin option `address`')
  })
})

describe('run --dev', () => {
  it('prints the plan, the output and the exit code, and leaves nothing', () => {
    const before = fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith('containerd-driver-'))
    const said = cli('run', '--dev', HELLO)
    expect([said.code, said.out]).toEqual([0, 'hello from hello\n/alloc\n/local\n/secrets\n'])
    expect(said.err).toMatch(/start .* 6 steps[^]*a word on stderr[^]*exit code 0\nundone: .*nothing is left\n/)
    expect(fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith('containerd-driver-'))).toEqual(before)
  })

  it('ends with the exit code of the task', () => {
    const said = cli('run', '--dev', file('seven.hcl', job(task('a', 'containerd-driver', 'image = "busybox:1.36"\ncommand = "sh"\nargs = ["-c", "exit 7"]'))))
    expect(said.code).toBe(7)
  })

  it('says why a task could not start', () => {
    const said = cli('run', '--dev', file('nope.hcl', job(task('a', 'containerd-driver', 'image = "busybox:1.36"\ncommand = "/nope"'))))
    expect(said.code).toBe(1)
    expect(said.err).toContain('"/nope"')
  })

  it('copies the output of a terminal, and removes the files that were made', () => {
    const said = cli('run', '--dev', '--plugin', file('state.hcl', `containerd_runtime = "io.containerd.runc.v2"\nstate_dir = "${dir}/state"\n`), file('tty.hcl', job(task('a', 'containerd-driver',
      'image = "busybox:1.36"\ncommand = "sh"\ntty = true\nextra_hosts = ["db:10.0.0.7"]\npull_policy = "always"\nargs = ["-c", "test -t 1; grep db /etc/hosts"]'))))
    expect([said.code, said.out]).toEqual([0, '10.0.0.7 db\r\n'])
    expect(said.err).toMatch(/WriteFile .*state\/.*\/hosts with sha256:.*RemoveFile/)
    expect(fs.readdirSync(`${dir}/state`)).toEqual([])
  })
})
