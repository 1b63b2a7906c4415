import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { parseHcl } from '../../../src/cli/hcl/parseHcl'
import { migrateCommand, MigrateOptions } from '../../../src/cli/migrate/migrate'
import { Output } from '../../../src/cli/output/Output'

const WASM = path.join(__dirname, '../../../dist/jobspec.wasm')
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'migrate-cli-'))
const before = process.env['CONTAINERD_DRIVER_JOBSPEC']

beforeAll(() => { process.env['CONTAINERD_DRIVER_JOBSPEC'] = WASM })
afterAll(() => {
  fs.rmSync(dir, { recursive: true })
  if (before === undefined) delete process.env['CONTAINERD_DRIVER_JOBSPEC']
  else process.env['CONTAINERD_DRIVER_JOBSPEC'] = before
})

const fileOf = (name: string, text: string): string => {
  const file = path.join(dir, name)
  fs.writeFileSync(file, text)
  return file
}

const migrate = (text: string, options: MigrateOptions = {}, name = 'job.nomad.hcl'): Promise<Output> => migrateCommand([fileOf(name, text)], options)

const job = (config: string, network = 'network { mode = "bridge" }'): string =>
  `job "j" {\n  group "g" {\n    ${network}\n    task "t" {\n      driver = "docker"\n      config {\n${config}\n      }\n    }\n  }\n}\n`

/** The lines of the `config` block of a migrated job. */
const configOf = async (config: string): Promise<ReadonlyArray<string>> => {
  const { stdout } = await migrate(job(config))
  const lines = stdout.split('\n').map((line) => line.trim())
  return lines.slice(lines.indexOf('config {') + 1, -5)
}

describe('migrate', () => {
  it('ends with 0 when all is equal, and 1 when something is not', async () => {
    expect((await migrate(job('image = "redis:7"'))).exitCode).toBe(0)
    expect((await migrate(job('image = "redis:7"\nisolation = "x"'))).exitCode).toBe(1)
  })

  it('leaves a job without docker tasks as it is, byte by byte', async () => {
    const text = 'job "j" {\n  group "g" {\n      task   "t" { # odd\n    driver="exec"\n config { command = "true" }\n}\n  }\n}'
    expect(await migrate(text)).toMatchObject({ stdout: text, exitCode: 0, stderr: 'g/t: left alone, its driver is exec\n0 tasks rewritten, 1 left alone; nothing changes.\n' })
  })

  it('leaves a task alone whose driver is an expression', async () => {
    const text = 'variable "d" { default = "docker" }\njob "j" {\n  group "g" {\n    task "t" {\n      driver = var.d\n      config { image = "redis:7" }\n    }\n  }\n}\n'
    const made = await migrate(text)
    expect(made).toMatchObject({ stdout: text, exitCode: 1 })
    expect(made.stderr).toContain('driver: an expression names it')
  })

  it('judges an expression by the variables that are given', async () => {
    const text = `variable "mode" {}\n${job('image = "redis:7"\nnetwork_mode = var.mode', '')}`
    expect((await migrate(text, { var: ['mode=none'] })).exitCode).toBe(0)
    expect((await migrate(text, { var: ['mode=my-net'] })).exitCode).toBe(1)
    const without = await migrate(text)
    expect(without).toMatchObject({ stdout: '', exitCode: 2 })
    expect(without.stderr).toContain('mode')
  })

  it('writes job and report into files', async () => {
    const [output, report] = [path.join(dir, 'new.hcl'), path.join(dir, 'report.md')]
    expect(await migrate(job('image = "redis:7"\nisolation = "x"'), { output, report })).toEqual({ stdout: '', stderr: '', exitCode: 1 })
    expect(fs.readFileSync(output, 'utf8')).toContain('driver = "containerd-driver"')
    expect(fs.readFileSync(report, 'utf8')).toContain('| `isolation` | missing |')
  })

  it('writes the report as JSON', async () => {
    const report = path.join(dir, 'report.json')
    await migrate(job('image = "redis:7"\nwork_dir = "/srv"'), { report })
    expect(JSON.parse(fs.readFileSync(report, 'utf8'))).toEqual({
      allEqual: true,
      everyTask: expect.stringContaining('no_new_privileges'),
      notes: [],
      tasks: [{ task: 'g/t', driver: 'docker', rewritten: true, options: [{ option: 'image', outcome: 'equal' }, { option: 'work_dir', outcome: 'renamed', text: 'is `cwd` here' }] }]
    })
  })

  it('may write over its input', async () => {
    const file = fileOf('same.nomad.hcl', job('image = "redis:7"'))
    await migrateCommand([file], { output: file })
    expect(fs.readFileSync(file, 'utf8')).toContain('driver = "containerd-driver"')
  })

  it.each<[string, () => Promise<Output>, RegExp]>([
    ['a file that is not there', () => migrateCommand([path.join(dir, 'none')], {}), /none: no such file\n$/],
    ['a directory', () => migrateCommand([fs.mkdtempSync(path.join(dir, 'empty-'))], {}), /is a directory without jobs: no file below it has a `job` block\n$/],
    ['HCL that is none', () => migrate('job "j" {'), /job\.nomad\.hcl:1/],
    ['JSON that is none', () => migrate('{', {}, 'job.json'), /is no JSON/],
    ['JSON that is no job', () => migrate('{"a":1}', {}, 'job.json'), /ID/],
    ['a report of another kind', () => migrate(job('image = "a:1"'), { report: 'x.html' }), /--report x\.html: .*\.md, \.json or \.txt/],
    ['a report that cannot be written', () => migrate(job('image = "a:1"'), { report: '/nowhere/x.md' }), /--report \/nowhere\/x\.md: cannot be written/],
    ['a job that cannot be written', () => migrate(job('image = "a:1"'), { output: '/nowhere/x' }), /-o \/nowhere\/x: cannot be written/]
  ])('refuses %s', async (_name, run, message) => {
    const { stdout, stderr, exitCode } = await run()
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('    at ')
  })

  it('keeps the form of a JSON job, and what it does not know', async () => {
    const text = '{"Job": {"ID": "j", "Extra": [1], "TaskGroups": [{"Name": "g", "Tasks": [{"Name": "t", "Driver": "docker", "Config": null, "Kind": "x"}]}]}}'
    const { stdout } = await migrate(text, {}, 'job.json')
    expect(stdout).toBe('{"Job":{"ID":"j","Extra":[1],"TaskGroups":[{"Name":"g","Tasks":[{"Name":"t","Driver":"containerd-driver","Config":null,"Kind":"x"}]}]}}')
  })
})

describe('several jobs', () => {
  const tree = fs.mkdtempSync(path.join(os.tmpdir(), 'migrate-tree-'))
  beforeAll(() => {
    fs.mkdirSync(path.join(tree, 'jobs/deep'), { recursive: true })
    fs.writeFileSync(path.join(tree, 'jobs/a.nomad'), job('image = "redis:7"'))
    fs.writeFileSync(path.join(tree, 'jobs/deep/b.hcl'), job('image = "redis:7"\nload = "x"'))
    fs.writeFileSync(path.join(tree, 'jobs/c.json'), '{"ID":"j","TaskGroups":[{"Name":"g","Tasks":[{"Name":"t","Driver":"docker","Config":{"image":"a:1"}}]}]}')
    fs.writeFileSync(path.join(tree, 'jobs/vars.hcl'), 'tag = "1"\n')
    fs.writeFileSync(path.join(tree, 'jobs/package.json'), '{}')
  })
  afterAll(() => { fs.rmSync(tree, { recursive: true }) })

  it('below a directory are written below another, each in its place, with one report', async () => {
    const [output, report] = [path.join(tree, 'out'), path.join(tree, 'report.json')]
    expect(await migrateCommand([path.join(tree, 'jobs')], { output, report })).toEqual({ stdout: '', stderr: '', exitCode: 1 })
    expect(['a.nomad', 'c.json', 'deep/b.hcl'].map((name) => fs.readFileSync(path.join(output, name), 'utf8').includes('containerd-driver'))).toEqual([true, true, true])
    expect(fs.existsSync(path.join(output, 'vars.hcl'))).toBe(false)
    expect((JSON.parse(fs.readFileSync(report, 'utf8')) as ReadonlyArray<{ readonly file: string, readonly allEqual: boolean }>).map((one) => [path.basename(one.file), one.allEqual])).toEqual([['a.nomad', true], ['c.json', false], ['b.hcl', true]])
  })

  it('are told of under their names, and not printed', async () => {
    const made = await migrateCommand([path.join(tree, 'jobs/a.nomad'), path.join(tree, 'jobs/c.json')], {})
    expect(made).toMatchObject({ stdout: '', exitCode: 1 })
    expect(made.stderr).toMatch(/a\.nomad:\ng\/t: rewritten\n[^]*c\.json:\ngroup g:\n[^]*The jobs are written with -o DIR\.\n$/)
  })

  it('are rewritten also where one of them cannot be read', async () => {
    const output = path.join(tree, 'some')
    const made = await migrateCommand([path.join(tree, 'jobs/none'), path.join(tree, 'jobs/a.nomad')], { output, report: path.join(tree, 'some.md') })
    expect(made).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/none: no such file\n$/) })
    expect(fs.readFileSync(path.join(tree, 'some.md'), 'utf8')).toMatch(/^# .*a\.nomad\n\n# To containerd-driver\n/)
  })

  it('must not have one name', async () => {
    const made = await migrateCommand([path.join(tree, 'jobs/a.nomad'), path.join(tree, 'jobs/a.nomad')], { output: path.join(tree, 'twice') })
    expect(made).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('has the same file as') })
  })
})

describe('the source of a migrated job', () => {
  it('keeps comments, also of what is left out', async () => {
    expect(await configOf('# one\nimage = "redis:7" // two\n/* three */\nisolation = "x" # four\n# five')).toEqual([
      '# one', 'image = "redis:7" // two', '/* three */',
      expect.stringContaining('# docker: `isolation` is left out: '), '# isolation = "x" # four', '# five'
    ])
  })

  it('keeps a comment behind what is said in other words', async () => {
    expect(await configOf('image = "https://quay.io/a/b:1" # one\nruntime = "runc" # two')).toEqual(['image = "quay.io/a/b:1" # one'])
  })

  it('cuts objects in a list, one on a line', async () => {
    expect(await configOf('image = "redis:7"\nmounts = [\n{ source = "a", target = "/a", volume_options = { no_copy = true } }, # one\n{ source = "b", target = "/b" },\n]')).toEqual([
      'image = "redis:7"', 'mounts = [', expect.stringContaining('# docker: `mounts.volume_options`'), '# volume_options = { no_copy = true }',
      '{ source = "a", target = "/a" }, # one', '{ source = "b", target = "/b" },', ']'
    ])
  })

  it('keeps what is left out of many lines, heredocs too', async () => {
    expect(await configOf('image = "redis:7"\nisolation = <<EOT\n# a\n  b\nEOT\ncommand = "x"')).toEqual([
      'image = "redis:7"', expect.stringContaining('# docker: `isolation`'), '# isolation = <<EOT', '# # a', '#   b', '# EOT', 'command = "x"'
    ])
  })

  it('cuts one entry out of an object on one line', async () => {
    expect(await configOf('image = "redis:7"\nlabels = { "moby.a" = "1", b = "2", "moby.c" = "3" }')).toEqual([
      'image = "redis:7"', expect.stringContaining('`labels.moby.a`'), '# "moby.a" = "1"', expect.stringContaining('`labels.moby.c`'), '# "moby.c" = "3"', 'labels = { b = "2" }'
    ])
  })

  it('cuts the last entries out of an object, with one comma', async () => {
    expect(await configOf('image = "redis:7"\nlabels = { b = "2", "moby.a" = "1", "moby.c" = "3" }')).toContain('labels = { b = "2", }')
  })

  it('takes a mount without a name out where two names of mounts come together', async () => {
    expect(await configOf('image = "redis:7"\nmount = []\nmounts {\ntarget = "/a"\n}\nmounts {\nsource = "b"\ntarget = "/b"\n}')).toEqual([
      'image = "redis:7"', expect.stringContaining('# docker: `mounts` is left out'), '# mounts {', '# target = "/a"', '# }', 'mount {', 'source = "b"', 'target = "/b"', '}'
    ])
  })

  it('adds to an object on one line', async () => {
    expect(await configOf('image = "redis:7"\nmount = [{ type = "tmpfs", target = "/t" }]')).toEqual([
      'image = "redis:7"', 'mount = [{ type = "tmpfs", options = ["noexec", "nosuid", "nodev"], target = "/t" }]'
    ])
  })

  it('breaks a block of one line up when there is more to say', async () => {
    const { stdout } = await migrate('job "j" {\n  group "g" {\n    network { mode = "bridge" }\n    task "t" {\n      driver = "docker"\n      config { runtime = "nvidia" }\n    }\n  }\n}\n')
    expect(stdout).toMatch(/ {6}config \{\n[^]*devices[^]*\n {6}\}\n/)
  })

  it('does not format what was not formatted', async () => {
    const text = 'job "j" {\n group   "g" {\n network { mode="bridge" }\n  task "t" {\n driver    ="docker"\n config {\nimage="redis:7"\nwork_dir   =   "/srv"\n}\n}\n}\n}'
    expect((await migrate(text)).stdout).toBe(text.replace('"docker"', '"containerd-driver"').replace('work_dir', 'cwd'))
  })

  it('keeps letters of every alphabet, and does not expand what was escaped', async () => {
    expect(await configOf('image = "redis:7"\nargs = ["größe ☃", "$${NOT}", "${NOMAD_DC}"]\nsecurity_opt = ["apparmor=\\"☃\\""]')).toEqual([
      'image = "redis:7"', 'args = ["größe ☃", "$${NOT}", "${NOMAD_DC}"]', 'apparmor_profile = "\\"☃\\""'
    ])
  })

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('says that %s is no option, at the top and inside', async (name) => {
    for (const config of [`${name} = "y"`, `mount {\ntype = "bind"\nsource = "a"\ntarget = "/a"\n${name} = "y"\n}`]) {
      const { stderr, exitCode } = await migrate(job(`image = "redis:7"\n${config}`))
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`${name}: it is no option of the docker driver`)])
    }
    expect((await migrate(`{"ID":"j","TaskGroups":[{"Name":"g","Tasks":[{"Name":"t","Driver":"docker","Config":{"image":"a:1","${name}":"y"}}]}]}`, {}, 'job.json')).exitCode).toBe(1)
  })

  it.each([
    ['mounts = [for v in ["a"] : { type = "tmpfs", target = "/${v}" }]', 'differs    mounts.type: the flags that dockerd gives a tmpfs are added as `options`; its value comes from an expression: write it yourself'],
    ['mounts = concat([], [{ type = "bind", source = "/var/run/docker.sock", target = "/s" }])', "differs    mounts.source: names dockerd's socket"],
    ['labels = merge({ a = "b" }, { "com.docker.z" = "1" })', 'missing    labels.com.docker.z: lies in the name space of another tool']
  ])('looks into what an expression makes: %s', async (config, told) => {
    const { stderr, exitCode } = await migrate(job(`image = "redis:7"\n${config}`))
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(told)])
  })

  it.each([
    ['work_dir = "/proc/self"', 'cwd: it is refused here: must not lie below /proc or /dev/fd'],
    ['runtime = "runsc"', 'it is refused here: the plugin option `allow_runtimes` does not list it'],
    ['auth {\nusername = "u"\npassword = "pa55"\nserver_address = lower("GHCR.io")\n}', 'auth.server_address: ']
  ])('tells what the new job would be refused for: %s', async (config, told) => {
    const { stderr, exitCode } = await migrate(job(`image = "redis:7"\n${config}`))
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(told)])
    expect(stderr).not.toContain('pa55')
  })

  it('means what dockerd means: the last profile, nothing dropped of a privileged task, no /dev/shm without a namespace for it', async () => {
    expect(await configOf('image = "redis:7"\nsecurity_opt = ["seccomp=/x.json", "seccomp=builtin"]')).toEqual(['image = "redis:7"', 'seccomp = true'])
    expect(await configOf('image = "redis:7"\nprivileged = true\ncap_drop = ["ALL"]')).toEqual(['image = "redis:7"', 'privileged = true'])
    expect(await configOf('image = "redis:7"\nipc_mode = "host"\nshm_size = 1000000')).toEqual(['image = "redis:7"', 'ipc_mode = "host"'])
  })

  it.each(['labels = { a = 1 }', 'ulimit = { nofile = 1024 }', 'sysctl = { "net.core.somaxconn" = 1024 }'])('keeps numbers in a map, which Nomad makes texts of: %s', async (config) => {
    expect(await configOf(`image = "redis:7"\n${config}`)).toEqual(['image = "redis:7"', config])
  })

  it('keeps the remarks inside of what is written anew', async () => {
    expect(await configOf('image = "redis:7"\nsecurity_opt = [ # why\n"seccomp=unconfined", // because\n]')).toEqual(['image = "redis:7"', '# why', '// because', 'seccomp = false'])
  })

  it('tells a job that is no HCL once', async () => {
    const { stderr, exitCode } = await migrate('job "x" {')
    expect([exitCode, stderr.match(/Unclosed/g)]).toEqual([2, ['Unclosed']])
  })

  it('keeps every digit of a JSON job', async () => {
    const text = '{"ID":"j","SubmitTime":1717171717171717171,"JobModifyIndex":18446744073709551615,"Priority":50,"TaskGroups":[{"Name":"g","Tasks":[{"Name":"t","Driver":"docker","Config":{"image":"a:1"}}]}]}'
    expect((await migrate(text, {}, 'job.json')).stdout).toBe(text.replace('"docker"', '"containerd-driver"'))
  })

  it('may end without a newline, and have Windows\' line ends', async () => {
    const text = job('image = "redis:7"\nload = "x"').replaceAll('\n', '\r\n').trimEnd()
    expect((await migrate(text)).stdout).not.toMatch(/(?<!\r)\n/)
    const [again] = await parseHcl(WASM, [{ kind: 'job', name: 'again', source: (await migrate(text)).stdout }])
    expect(again).toMatchObject({ ok: true })
  })
})

describe('the rewriter', () => {
  it.each<[object, string]>([
    [{ op: 'SetDriver', task: 3, to: 'x' }, 'there is no task 3'],
    [{ op: 'Rename', at: '9.9', to: 'x' }, 'there is no option "9.9"'],
    [{ op: 'Forget', at: '0.0' }, 'there is no edit "Forget"'],
    [{ op: 'Rename', at: '0.0', to: '{' }, 'the rewritten job cannot be read']
  ])('refuses %j', async (edit, message) => {
    const [result] = await parseHcl(WASM, [{ kind: 'rewrite', name: 'j', source: job('image = "redis:7"'), edits: [edit] }])
    expect(result).toMatchObject({ ok: false, faults: [{ message: expect.stringContaining(message) }] })
  })
})
