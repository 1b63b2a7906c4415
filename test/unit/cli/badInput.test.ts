import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { commandLine, job, ours, put, workDir } from '../../fakes/commandLine'

const dir = workDir()
const file = (name: string): string => path.join(dir, name)
const EXECUTABLE = path.join(__dirname, '../../../dist/containerd-driver')

/** Runs the built program: standard input and exit codes are the process's own. */
const run = (args: ReadonlyArray<string>, input: string | Buffer = ''): { readonly code: number | null; readonly out: string; readonly err: string } => {
  const { status, stdout, stderr } = spawnSync(EXECUTABLE, args, { cwd: dir, input, encoding: 'utf8' })
  return { code: status, out: stdout, err: stderr }
}

const GOOD = job({ app: ours('image = "redis:7"', 'command = "x"') })

beforeAll(() => {
  put(dir, {
    'good.hcl': GOOD, 'empty': '', 'open.json': '{', 'array.json': '[1]', 'null.json': 'null', 'package.json': '{"name":"x","version":"1.0.0"}',
    'document.json': '{"ociVersion":"1.1.0"}', 'none.hcl': 'job "x" {}', 'nested.json': '{"a":'.repeat(100_000), 'in/x': ''
  })
  fs.writeFileSync(file('noise'), Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919 + (index >> 3)) % 256)))
  fs.writeFileSync(file('utf16'), Buffer.from([0xff, 0xfe, 0x7b]))
  fs.writeFileSync(file('large.json'), '')
  fs.truncateSync(file('large.json'), 100 * 1024 * 1024)
  fs.symlinkSync('loop', file('loop'))
})

const INPUTS: ReadonlyArray<readonly [string, RegExp]> = [
  ['nothing', /nothing: no such file/], ['in', /in: is a directory and no fixture/], ['large.json', /large\.json: is larger than 16 MiB/], ['/dev/zero', /\/dev\/zero: is larger than 16 MiB/],
  ['loop', /loop: is a link that leads to itself/], ['noise', /noise: (?:is no text|.+)/], ['utf16', /utf16: is no text \(UTF-8\)/], ['empty', /empty: /], ['open.json', /open\.json:1,2: is no JSON/],
  ['nested.json', /nested\.json/], ['null.json', /null\.json/], ['array.json', /array\.json/], ['package.json', /package\.json: job/]
]

const COMMANDS: ReadonlyArray<readonly [string, (input: string) => ReadonlyArray<string>]> = [
  ['compile', (input) => ['compile', input]], ['plan', (input) => ['plan', input]], ['check', (input) => ['check', input]], ['explain', (input) => ['explain', input]],
  ['diff', (input) => ['diff', input, 'good.hcl']], ['diff to', (input) => ['diff', 'good.hcl', input]], ['facts', (input) => ['facts', input]], ['lock', (input) => ['lock', input]]
]

const isClear = (text: string): void => {
  expect(text).not.toMatch(/^ +at |internal error|goroutine|TypeError|undefined/m)
  expect(text.length).toBeLessThan(4000)
}

describe.each(COMMANDS)('%s', (_name, args) => {
  it.each(INPUTS)('refuses %s with 2 and one clear message', async (input, message) => {
    const before = process.cwd()
    process.chdir(dir)
    try {
      const { stdout, stderr, exitCode } = await commandLine(...args(input))
      expect([exitCode, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(message)
      isClear(stderr)
    } finally {
      process.chdir(before)
    }
  })
})

// What surrounds a job: the option, the commands that have it, and whether its file is JSON.
const AROUND: ReadonlyArray<readonly [string, ReadonlyArray<string>, boolean]> = [
  ['--plugin', ['compile', 'check', 'explain', 'facts', 'lock'], false], ['--facts', ['compile', 'check', 'explain'], true], ['--lock', ['compile', 'check', 'explain'], true],
  ['--image-config', ['compile', 'check', 'explain'], true], ['--var-file', ['compile', 'check', 'facts', 'lock', 'migrate'], false], ['--ignore', ['diff'], true],
  ['--plugin-before', ['diff'], false], ['--plugin-after', ['diff'], false]
]

describe.each(AROUND)('%s', (option, commands, isJson) => {
  const inputs = INPUTS.filter(([input]) => ['nothing', 'large.json', '/dev/zero', 'loop', 'utf16', 'open.json', ...(isJson ? ['empty', 'null.json', 'array.json', 'package.json', 'nested.json'] : [])].includes(input))
  it.each([...inputs, ['in', /in: is a directory/] as const])('refuses %s with 2 and one clear message that names it', async (input) => {
    const before = process.cwd()
    process.chdir(dir)
    try {
      for (const command of commands) {
        const { stdout, stderr, exitCode } = await commandLine(command, 'good.hcl', ...(command === 'diff' ? ['good.hcl'] : []), option, input)
        expect([command, exitCode, stdout]).toEqual([command, 2, ''])
        expect(stderr).toContain(input)
        isClear(stderr)
      }
    } finally {
      process.chdir(before)
    }
  })
})

describe('the process', () => {
  it('reads a job from standard input, in HCL and JSON', () => {
    expect(run(['compile', '-'], GOOD)).toMatchObject({ code: 0 })
    expect(run(['compile', '-'], JSON.stringify({ ID: 'x', TaskGroups: [{ Name: 'g', Tasks: [{ Name: 't', Driver: 'containerd-driver', Config: { image: 'a', command: 'b' } }] }] }))).toMatchObject({ code: 0 })
    expect(run(['diff', '-', '-'], GOOD)).toMatchObject({ code: 2, err: 'stdin: can be read once\n' })
    expect(run(['check', '-'], '')).toMatchObject({ code: 2 })
  })

  it('reads jobs, and what surrounds them, from pipes', () => {
    put(dir, { 'piped.hcl': GOOD.replace('redis:7', 'redis:9'), 'operator.hcl': 'containerd_runtime = "io.containerd.runc.v2"' })
    const { stdout, status } = spawnSync('bash', ['-c', `"${EXECUTABLE}" diff <(cat good.hcl) <(cat piped.hcl) --plugin <(cat operator.hcl)`], { cwd: dir, encoding: 'utf8' })
    expect(stdout).toContain('"docker.io/library/redis:7" -> "docker.io/library/redis:9"')
    expect(status).toBe(1)
  })

  it('ends with 2 for what it does not know, and says what was meant', () => {
    expect(run(['complie', 'x']).err).toContain('Did you mean compile?')
    expect(run(['diff', '--formt', 'json', 'a', 'b']).err).toContain('Did you mean --format?')
    for (const args of [['complie'], ['diff', '--formt'], ['diff', 'a', 'b', '--format', 'jso'], ['golden'], ['schema', 'x']]) expect([args, run(args).code]).not.toEqual([args, 0])
  })

  it('has help for every command', () => {
    for (const command of ['compile', 'plan', 'diff', 'check', 'explain', 'facts', 'lock', 'run', 'migrate', 'schema', 'completion']) {
      expect(run([command, '--help'])).toMatchObject({ code: 0, out: expect.stringContaining(`Usage: containerd-driver ${command}`) })
    }
    expect(run(['golden', 'check', '--help'])).toMatchObject({ code: 0, out: expect.stringContaining('Usage: containerd-driver golden check') })
  })

  it('takes the spelling of Nomad for variables', () => {
    put(dir, { 'var.hcl': 'variable "v" {}\n' + GOOD.replace('redis:7', 'redis:${var.v}') })
    expect(run(['compile', '--full', '-var', 'v=9', 'var.hcl']).out).toContain('docker.io/library/redis:9')
    expect(run(['compile', '--full', '-var=v=8', 'var.hcl']).out).toContain('docker.io/library/redis:8')
  })

  it('does not mind a reader that has seen enough', () => {
    const { stdout, stderr, status } = spawnSync('bash', ['-o', 'pipefail', '-c', `"${EXECUTABLE}" compile --explain good.hcl 2>/dev/null | head -1`], { cwd: dir, encoding: 'utf8' })
    expect({ lines: stdout.split('\n').length, stderr, status }).toEqual({ lines: 2, stderr: '', status: 0 })
  })

  it('writes nothing where it cannot, and says so', () => {
    for (const args of [['diff', 'good.hcl', 'none.hcl'], ['compile', 'good.hcl']]) {
      const { code, err } = run([...args, '-o', 'empty/x'])
      expect(code).toBe(2)
      isClear(err)
    }
    expect(fs.readFileSync(file('empty'), 'utf8')).toBe('')
  })

  it('shows nothing of a name that a terminal would obey', () => {
    const { code, err } = run(['check', 'a\u001b[31mb\nc'])
    expect(code).toBe(2)
    expect(err).not.toContain('\u001b')
  })

  it('says what is missing where it was copied without its parts', () => {
    fs.copyFileSync(EXECUTABLE, file('alone'))
    fs.chmodSync(file('alone'), 0o755)
    const { status, stderr } = spawnSync(file('alone'), ['schema'], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 2, stderr: `${file('alone')}.parts: is not there; this command needs it beside the program\n` })
  })
})
