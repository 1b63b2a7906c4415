import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { commandLine, job, ours, put, workDir } from '../../fakes/commandLine'

const dir = workDir()
const file = (name: string): string => path.join(dir, name)
const FIXTURE = path.join(__dirname, '../../../fixtures/specs/allow-caps-trims-the-default-set')
const EXECUTABLE = path.join(__dirname, '../../../dist/containerd-driver')
const ENV = '      env { TOKEN = "hunter2" }\n'

beforeAll(() => {
  put(dir, {
    'one.nomad.hcl': job({ app: ENV + ours('image = "redis:7"') }),
    'two.nomad.hcl': job({ app: ours('image = "redis:7"'), side: ours('image = "busybox:1.36"'), other: '      driver = "docker"' }),
    'wrong.nomad.hcl': job({ app: ours('image = "redis:7"', 'privilegd = true') }),
    'none.nomad.hcl': job({ other: '      driver = "docker"' })
  })
})

describe('compile', () => {
  it('prints the spec of one task, environment and all', async () => {
    const { stdout, exitCode } = await commandLine('compile', file('one.nomad.hcl'))
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout).process.env).toContain('TOKEN=hunter2')
  })

  it('prints several tasks as one object by their names', async () => {
    const { stdout, stderr } = await commandLine('compile', file('two.nomad.hcl'))
    expect(Object.keys(JSON.parse(stdout))).toEqual(['web/app', 'web/side'])
    expect(stderr).toContain('web/other: skipped: its driver is docker')
  })

  it('prints tasks of several jobs with the names of their files', async () => {
    const { stdout } = await commandLine('compile', file('one.nomad.hcl'), FIXTURE)
    expect(Object.keys(JSON.parse(stdout)).sort()).toEqual([`${file('one.nomad.hcl')} web/app`, FIXTURE].sort())
  })

  it('with --task prints one of several', async () => {
    const { stdout } = await commandLine('compile', file('two.nomad.hcl'), '--task', 'web/side')
    expect(JSON.parse(stdout).ociVersion).toBeDefined()
    const wrong = await commandLine('compile', file('two.nomad.hcl'), '--task', 'web/nobody')
    expect(wrong).toMatchObject({ exitCode: 2, stdout: '' })
    expect(wrong.stderr).toContain('it has web/app, web/side')
  })

  it('with --full prints all that will be true, and never a password', async () => {
    put(dir, { 'auth.nomad.hcl': job({ app: ENV + ours('image = "redis:7"', 'auth {', 'username = "bob"', 'password = "pa55"', '}') }) })
    const { stdout } = await commandLine('compile', file('auth.nomad.hcl'), '--full')
    const full = JSON.parse(stdout)
    expect(Object.keys(full).sort()).toEqual(['container', 'fetch', 'inspection', 'io', 'job', 'mounts', 'network', 'seccomp', 'spec', 'stop', 'user', 'version'])
    expect(full.fetch.auth).toMatchObject({ source: 'task', username: 'bob', password: '(redacted)', isSent: true })
    expect(stdout).toContain('TOKEN=hunter2')
    expect(stdout).not.toContain('pa55')
  })

  it('with --redact hides values of the environment, but those that may be shown', async () => {
    const hidden = await commandLine('compile', file('one.nomad.hcl'), '--redact')
    expect(hidden.stdout).toContain('TOKEN=(redacted)')
    expect(hidden.stdout).not.toContain('hunter2')
    const shown = await commandLine('compile', file('one.nomad.hcl'), '--redact', '--show-env', 'TOK*')
    expect(shown.stdout).toContain('TOKEN=hunter2')
    expect(shown.stdout).toContain('NOMAD_JOB_NAME=(redacted)')
  })

  it('with --explain tells the cause of each part', async () => {
    const { stdout } = await commandLine('compile', file('one.nomad.hcl'), '--explain')
    expect(stdout).toMatch(/\/container\/image\/name\s+task\.image \(/)
    expect(stdout).toMatch(/\/spec\/process\/env\/\d+\s+allocation\.env\.TOKEN/)
    expect(stdout).not.toContain('hunter2')
  })

  it('takes the lock for a fixture directory, whose own facts come first', async () => {
    const lock = path.join(__dirname, '../../../examples/shop/images.lock.json')
    const digestOf = async (...args: ReadonlyArray<string>): Promise<string> => JSON.parse((await commandLine('compile', '--full', ...args)).stdout).container.image.digest
    fs.cpSync(FIXTURE, file('bare'), { recursive: true })
    put(dir, { 'bare/task.json': '{ "image": "busybox:1.36", "command": "x" }' })
    const own = await digestOf(file('bare'), '--lock', lock)
    fs.rmSync(file('bare/facts.json'))
    const locked = await digestOf(file('bare'), '--lock', lock)
    expect(locked).toBe(JSON.parse(fs.readFileSync(lock, 'utf8')).images['docker.io/library/busybox:1.36'].digest)
    expect(own).not.toBe(locked)
  })

  it('reads a facts file once, however many fixtures there are: it may be a pipe', () => {
    const facts = path.join(FIXTURE, 'facts.json')
    const { status, stderr } = spawnSync('bash', ['-c', `"${EXECUTABLE}" compile "${FIXTURE}" "${FIXTURE}/../minimal" --facts <(cat "${facts}")`], { encoding: 'utf8' })
    expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.not.stringContaining('JSON') })
  })

  it('with -o writes a file for each task and prints nothing', async () => {
    const { stdout, exitCode } = await commandLine('compile', file('two.nomad.hcl'), '-o', file('out'))
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 0 })
    const written = fs.readdirSync(file('out'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))
    expect(written.map((name) => path.basename(name)).sort()).toEqual(['web.app.json', 'web.side.json'])
  })

  it('refuses with 2 what is wrong, and compiles the rest', async () => {
    const both = await commandLine('compile', file('wrong.nomad.hcl'), file('one.nomad.hcl'))
    expect(both.exitCode).toBe(2)
    expect(both.stderr).toContain('task.privilegd: is no option here; did you mean "privileged"?')
    expect(JSON.parse(both.stdout).ociVersion).toBeDefined()
    expect(await commandLine('compile', file('none.nomad.hcl'))).toMatchObject({ exitCode: 2, stdout: '' })
    expect((await commandLine('compile', file('nothing'))).stderr).toBe(`${file('nothing')}: no such file\n`)
  })
})

describe('plan', () => {
  it('prints the steps of each task', async () => {
    const { stdout } = await commandLine('plan', file('two.nomad.hcl'))
    expect(stdout).toMatch(/^# web\/app\nfetch [^\n]+\n/)
    expect(stdout).toContain('\n# web/side\n')
  })

  it('with --full prints JSON with the redacted document', async () => {
    const { stdout } = await commandLine('plan', file('one.nomad.hcl'), '--full')
    const { plans, document } = JSON.parse(stdout)
    expect(plans.map(({ mode }: { readonly mode: string }) => mode)).toEqual(['fetch', 'start'])
    expect(document.spec.process.env).toContain('TOKEN=(redacted)')
  })
})
