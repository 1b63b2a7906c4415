import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { commandLine, job, ours, put, workDir } from '../../fakes/commandLine'

const dir = workDir()
const file = (name: string): string => path.join(dir, name)
const SPECS = path.join(__dirname, '../../../fixtures/specs')
const RUN = ['image = "redis:7"', 'command = "x"']

interface Told {
  readonly key: string
  readonly verdict: string
}

const keysOf = async (...args: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const { stdout, stderr } = await commandLine('diff', ...args, '--format', 'json')
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout).comparisons.flatMap(({ changes }: { readonly changes: ReadonlyArray<Told> }) => changes.map(({ key, verdict }) => `${verdict} ${key}`))
}

beforeAll(() => {
  put(dir, {
    'a.nomad.hcl': job({ app: ours(...RUN) }),
    'b.nomad.hcl': job({ app: ours('image = "redis:8"', 'command = "x"', 'readonly_rootfs = true') }),
    'two.nomad.hcl': job({ app: ours(...RUN), more: ours(...RUN) }),
    'open.json': JSON.stringify({ containerd_runtime: 'io.containerd.runc.v2' }),
    'strict.json': JSON.stringify({ containerd_runtime: 'io.containerd.runc.v2', seccomp: true }),
    'ignore.json': JSON.stringify({ ignore: [{ path: '/container/image', reason: 'pinned elsewhere' }, { path: '/stop', reason: 'nothing' }] })
  })
})

describe('diff', () => {
  it('says nothing of what is the same', async () => {
    expect(await commandLine('diff', file('a.nomad.hcl'), file('a.nomad.hcl'))).toEqual({ stdout: '', stderr: '', exitCode: 0 })
  })

  it('tells all that will be true of the container, what stands beside the spec first', async () => {
    expect(await keysOf(file('a.nomad.hcl'), file('b.nomad.hcl'))).toEqual([
      'unknown /container/image/name', 'tightens /spec/root/readonly', 'unknown /container/image/user'
    ])
  })

  it('compares fixture directories, bare specs, documents, and a spec with a job', async () => {
    const [one, two] = [path.join(SPECS, 'minimal'), path.join(SPECS, 'privileged-on-cgroup-v2')]
    expect((await keysOf(one, two)).some((key) => key.startsWith('weakens /spec/process/capabilities'))).toBe(true)
    expect((await keysOf(path.join(one, 'spec.json'), path.join(two, 'spec.json'))).some((key) => key.startsWith('weakens /process/capabilities'))).toBe(true)
    expect(await commandLine('diff', path.join(one, 'spec.json'), one)).toMatchObject({ stdout: '', exitCode: 0 })
    put(dir, { 'full.json': (await commandLine('compile', '--full', file('a.nomad.hcl'))).stdout })
    expect(await commandLine('diff', file('full.json'), file('a.nomad.hcl'))).toMatchObject({ stdout: '', exitCode: 0 })
  })

  it('refuses two jobs that have no task of this driver: nothing would be compared', async () => {
    put(dir, { 'docker.nomad.hcl': job({ app: '      driver = "docker"' }) })
    expect(await commandLine('diff', file('docker.nomad.hcl'), file('docker.nomad.hcl'))).toEqual({
      stdout: '', exitCode: 2, stderr: `${file('docker.nomad.hcl')}: has no task with driver = "containerd-driver": nothing is compared\n`
    })
  })

  it.each([
    ['a mount of the host', ['volumes = ["/srv/data:/mnt"]'], ['volumes = ["/root:/mnt"]'], '/spec/mounts/~1mnt'],
    ['mounts that change places', ['volumes = ["${DATA}:/data", "${ROOT}:/conf:ro"]'], ['volumes = ["${ROOT}:/data", "${DATA}:/conf:ro"]'], '/spec/mounts/~1data'],
    ['a capability', [], ['cap_add = ["sys_admin"]', 'cap_drop = ["net_raw"]'], '/spec/process/capabilities/bounding/CAP_SYS_ADMIN'],
    ['a name of the spec', [], ['no_new_privileges = false'], '/spec/process/noNewPrivileges'],
    ['arguments in each other\'s place', [], [], '/spec/process/args']
  ])('hides values of the environment in no change that matters: %s', async (what, before, after, key) => {
    const env = '      env {\n DATA = "/srv/data"\n ROOT = "/root"\n A = "CAP_SYS_ADMIN"\n B = "CAP_NET_RAW"\n C = "noNewPrivileges"\n}\n'
    const args = (...names: ReadonlyArray<string>): string => `args = [${names.map((name) => `"\${${name}}"`).join(', ')}]`
    const last = what.startsWith('arguments') ? args('ROOT', 'DATA', 'A', 'B', 'C') : args('DATA', 'ROOT', 'A', 'B', 'C')
    put(dir, { 'spread1.hcl': job({ app: env + ours(...RUN, args('DATA', 'ROOT', 'A', 'B', 'C'), ...before) }), 'spread2.hcl': job({ app: env + ours(...RUN, last, ...after) }) })
    const told = await keysOf(file('spread1.hcl'), file('spread2.hcl'))
    expect(told).toContainEqual(expect.stringMatching(new RegExp(`${what.startsWith('arguments') ? 'neutral' : 'weakens'} ${key.replaceAll('/', '\\/')}`)))
  })

  it.each([
    ['init = true', '', 'task.init'], ['tty = true', '', 'task.tty'], ['args = ["a"]', 'args = ["b"]', 'task.args']
  ])('names what changed, not what stayed: from %j to %j', async (old, now, cause) => {
    put(dir, { 'was.nomad.hcl': job({ app: ours(...RUN, old) }), 'is.nomad.hcl': job({ app: ours(...RUN, now) }) })
    const { stdout } = await commandLine('diff', file('was.nomad.hcl'), file('is.nomad.hcl'), '--format', 'json')
    const causes = JSON.parse(stdout).comparisons[0].changes.map((change: { readonly cause?: string }) => change.cause)
    expect(causes.filter((one?: string) => one !== undefined && !one.startsWith(cause))).toEqual([])
    expect(causes).toContainEqual(expect.stringContaining(cause))
  })

  it('points at a change of the operator, where the job is the same', async () => {
    put(dir, { 'loose.json': JSON.stringify({ containerd_runtime: 'io.containerd.runc.v2', seccomp: false }), 'drop.nomad.hcl': job({ app: ours(...RUN, 'cap_drop = ["all"]') }) })
    const { stdout } = await commandLine('diff', file('drop.nomad.hcl'), file('drop.nomad.hcl'), '--plugin-before', file('strict.json'), '--plugin-after', file('loose.json'), '--format', 'github')
    expect(stdout).toMatch(/^::warning file=[^,]*loose\.json,line=1,/m)
    expect(stdout).not.toContain('cap_drop')
  })

  it('points at the option that changed, on the old side where it is gone', async () => {
    put(dir, { 'big.nomad.hcl': job({ app: ours(...RUN, 'shm_size = "256m"', 'volumes = ["local/a:/a"]') }), 'small.nomad.hcl': job({ app: ours(...RUN, 'volumes = ["local/a:/a"]') }) })
    expect((await commandLine('diff', file('big.nomad.hcl'), file('small.nomad.hcl'))).stdout).toContain(`[task.shm_size] (${file('big.nomad.hcl')}:8)`)
    expect((await commandLine('diff', file('small.nomad.hcl'), file('big.nomad.hcl'))).stdout).toContain(`[task.shm_size] (${file('big.nomad.hcl')}:8)`)
  })

  it('tells a task that another driver runs now, which says nothing of its walls', async () => {
    put(dir, { 'raw.nomad.hcl': job({ app: '      driver = "raw_exec"' }) })
    const gone = await commandLine('diff', file('a.nomad.hcl'), file('raw.nomad.hcl'), '--fail-on', 'unknown')
    expect(gone).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('the driver raw_exec runs the task now') })
    expect((await commandLine('diff', file('raw.nomad.hcl'), file('a.nomad.hcl'))).stdout).toContain('the driver raw_exec ran the task before')
  })

  it('refuses a job in which two groups or tasks have one name, as Nomad does', async () => {
    const task = { Name: 't', Driver: 'containerd-driver', Config: { image: 'a' } }
    put(dir, {
      'tasks.json': JSON.stringify({ ID: 'j', TaskGroups: [{ Name: 'g', Tasks: [task, task] }] }),
      'groups.json': JSON.stringify({ ID: 'j', TaskGroups: [{ Name: 'g', Tasks: [task] }, { Name: 'g', Tasks: [task] }] })
    })
    for (const command of [['diff', file('tasks.json'), file('tasks.json')], ['check', file('tasks.json')], ['compile', file('tasks.json')]]) {
      expect(await commandLine(...command)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('tasks.json: job.g: has two tasks "t"') })
    }
    expect((await commandLine('check', file('groups.json'))).stderr).toContain('groups.json: job: has two groups "g"')
  })

  it('with --detailed-exitcode every error is 1, and a difference 2', async () => {
    const [a, b, nope] = [file('a.nomad.hcl'), file('b.nomad.hcl'), file('nope')]
    const diff = async (...args: ReadonlyArray<string>): Promise<number> => (await commandLine('diff', ...args, '--detailed-exitcode')).exitCode
    expect([await diff(a, a), await diff(a, b), await diff(a, b, '--exit-zero')]).toEqual([0, 2, 0])
    for (const args of [[a], [a, nope], [a, a, '--lock', nope], [a, a, '--plugin', nope], [a, a, '--var-file', nope], [a, a, '--ignore', nope], [a, b, '-o', path.join(nope, 'x')], [a, '--git', '..']]) {
      expect([args, await diff(...args)]).toEqual([args, 1])
    }
  })

  it('tells tasks that are new, and those that are gone', async () => {
    const { stdout, exitCode } = await commandLine('diff', file('a.nomad.hcl'), file('two.nomad.hcl'))
    expect(exitCode).toBe(1)
    expect(stdout).toContain('web/more')
    expect(stdout).toContain('a task that was not there before')
    expect((await commandLine('diff', file('two.nomad.hcl'), file('a.nomad.hcl'))).stdout).toContain('the task is gone')
  })

  it("tells what another config of the operator's does", async () => {
    const both = [file('a.nomad.hcl'), file('a.nomad.hcl')] as const
    expect(await keysOf(...both, '--plugin-before', file('open.json'), '--plugin-after', file('strict.json'))).toContain('tightens /seccomp')
    expect(await keysOf(...both, '--plugin-before', file('strict.json'), '--plugin-after', file('open.json'))).toContain('weakens /seccomp')
    expect(await commandLine('diff', ...both, '--plugin', file('strict.json'))).toMatchObject({ exitCode: 0 })
  })

  it('fails on the verdicts that are asked for', async () => {
    const run = (...args: ReadonlyArray<string>): ReturnType<typeof commandLine> => commandLine('diff', file('a.nomad.hcl'), file('b.nomad.hcl'), ...args)
    expect(await run('--fail-on', 'weakens')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('tightens') })
    expect(await run('--fail-on', 'weakens,unknown')).toMatchObject({ exitCode: 1 })
    expect(await run('--exit-zero')).toMatchObject({ exitCode: 0 })
    expect(await run('--detailed-exitcode')).toMatchObject({ exitCode: 2 })
    expect(await run('--fail-on', 'weaken')).toMatchObject({ exitCode: 2, stdout: '' })
    expect(await commandLine('diff', file('a.nomad.hcl'), file('a.nomad.hcl'), '--detailed-exitcode')).toMatchObject({ exitCode: 0 })
    expect(await commandLine('diff', file('a.nomad.hcl'), file('none'), '--detailed-exitcode')).toMatchObject({ exitCode: 1 })
  })

  it('leaves out what rules cover, and names the rule that covers nothing', async () => {
    const { stdout } = await commandLine('diff', file('a.nomad.hcl'), file('b.nomad.hcl'), '--ignore', file('ignore.json'))
    expect(stdout).toContain('1 change, tightens')
    expect(stdout).toContain('the ignore rule for /stop covers nothing')
  })

  it('shows that a secret changed, and neither value', async () => {
    const withToken = (token: string): string => job({ app: `      env { TOKEN = "${token}" }\n${ours(...RUN, 'auth {', 'username = "bob"', `password = "p-${token}"`, '}')}` })
    put(dir, { 'one.hcl': withToken('first-secret'), 'two.hcl': withToken('second-secret') })
    for (const format of ['text', 'json', 'json-patch', 'sarif', 'junit', 'github', 'markdown', 'html']) {
      const { stdout, exitCode } = await commandLine('diff', file('one.hcl'), file('two.hcl'), '--format', format)
      expect(exitCode).toBe(1)
      expect(stdout).not.toMatch(/first-secret|second-secret/)
      expect(stdout).toMatch(/redacted, after|redacted&#44; after|redacted.{0,10}after/)
    }
  })

  it('needs two inputs', async () => {
    expect(await commandLine('diff', file('a.nomad.hcl'))).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('needs two inputs, A and B, and was given 1') })
  })
})

describe('diff --git', () => {
  const repository = file('repo')
  const git = (...args: ReadonlyArray<string>): string => execFileSync('git', ['-C', repository, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { encoding: 'utf8' })
  const commit = (files: Readonly<Record<string, string>>): void => {
    put(repository, files)
    git('add', '-A')
    git('commit', '-qm', 'x')
  }
  const inRepository = async (...args: ReadonlyArray<string>): ReturnType<typeof commandLine> => {
    const before = process.cwd()
    process.chdir(repository)
    try {
      return await commandLine('diff', '--git', ...args)
    } finally {
      process.chdir(before)
    }
  }

  beforeAll(() => {
    fs.mkdirSync(repository)
    execFileSync('git', ['init', '-q', '-b', 'main', repository])
    commit({ 'jobs/a.nomad.hcl': job({ app: ours(...RUN) }), 'plugin.json': JSON.stringify({ containerd_runtime: 'io.containerd.runc.v2' }) })
    fs.cpSync(path.join(SPECS, 'minimal'), path.join(repository, 'case'), { recursive: true })
    commit({ 'jobs/a.nomad.hcl': job({ app: ours('image = "redis:8"', 'command = "x"') }), 'jobs/new.nomad.hcl': job({ app: ours(...RUN) }) })
  })

  it('compares two revisions of jobs', async () => {
    const { stdout, exitCode } = await inRepository('HEAD~1..HEAD', 'jobs/a.nomad.hcl')
    expect(exitCode).toBe(1)
    expect(stdout).toContain('redis:8')
    expect(await inRepository('HEAD..HEAD', 'jobs/a.nomad.hcl')).toMatchObject({ stdout: '', exitCode: 0 })
    expect(await inRepository('HEAD~1...HEAD', 'jobs/a.nomad.hcl')).toMatchObject({ exitCode: 1 })
  })

  it('tells a job that only one revision has, and fixture directories too', async () => {
    expect((await inRepository('HEAD~1..HEAD', 'jobs/new.nomad.hcl')).stdout).toContain('a task that was not there before')
    expect((await inRepository('HEAD~1..HEAD', 'case')).stdout).toContain('a task that was not there before')
    expect(await inRepository('HEAD~1..HEAD', 'jobs/none.nomad.hcl')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is in neither revision') })
  })

  it("compares with the working tree, and takes the operator's config of each revision", async () => {
    put(repository, { 'plugin.json': JSON.stringify({ containerd_runtime: 'io.containerd.runc.v2', seccomp: true }) })
    expect(await inRepository('HEAD', 'jobs/a.nomad.hcl')).toMatchObject({ stdout: '', exitCode: 0 })
    expect((await inRepository('HEAD', 'jobs/a.nomad.hcl', '--plugin', 'plugin.json')).stdout).toContain('/seccomp')
    git('checkout', '-q', '--', 'plugin.json')
  })

  it('refuses what is no revision, also one that looks like an option', async () => {
    for (const range of ['nobody..HEAD', '--upload-pack=x..HEAD', 'HEAD..']) {
      const said = await inRepository(range, 'jobs/a.nomad.hcl')
      expect([range, said.exitCode]).toEqual([range, range === 'HEAD..' ? 0 : 2])
    }
    expect(await inRepository('HEAD')).toMatchObject({ exitCode: 2 })
  })
})
