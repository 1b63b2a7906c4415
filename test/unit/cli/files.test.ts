import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import * as E from 'fp-ts/Either'

import { disk } from '../../../src/cli/load/Files'
import { inputOf } from '../../../src/cli/load/Input'
import { load } from '../../../src/cli/load/load'
import { Output } from '../../../src/cli/output/Output'
import { commandLine, job, ours, put, WASM, workDir } from '../../fakes/commandLine'

const dir = workDir()
const at = (...names: ReadonlyArray<string>): string => path.join(dir, ...names)

/** A job whose one argument is what an expression comes to. */
const asking = (expression: string): string => job({ app: ours('image = "redis:7"', `command = ${expression}`) })

const compiled = async (file: string, ...more: ReadonlyArray<string>): Promise<Output> => commandLine('compile', file, ...more)

const commandOf = (output: Output): unknown => {
  if (output.exitCode !== 0) throw new Error(output.stderr)
  const { process: { args } } = JSON.parse(output.stdout) as { readonly process: { readonly args: ReadonlyArray<string> } }
  return args.at(-1)
}

const inGit = (...args: ReadonlyArray<string>): void => {
  const all = ['-c', 'user.name=t', '-c', 'user.email=t@t', '-C', at('repo'), ...args]
  const { status, stderr } = spawnSync('git', all, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

const here = process.cwd()
beforeAll(() => {
  put(dir, {
    'secret.txt': 'secret',
    'plain/a.txt': 'a', 'plain/deep/b.txt': 'b',
    'repo/top.txt': 'top', 'repo/jobs/conf/a.conf': 'A', 'repo/jobs/conf/b.conf': 'B', 'repo/jobs/conf/deep/c.conf': 'C',
    'elsewhere/e.txt': 'e'
  })
  fs.symlinkSync('../top.txt', at('repo/jobs/inside.txt'))
  fs.symlinkSync('../../secret.txt', at('repo/jobs/outside.txt'))
  fs.symlinkSync('/etc', at('repo/jobs/etc'))
  fs.symlinkSync('loop', at('repo/jobs/loop'))
  fs.mkdirSync(at('repo/jobs/circle'))
  fs.symlinkSync('.', at('repo/jobs/circle/again'))
  fs.symlinkSync('.', at('repo/jobs/circle/and'))
  spawnSync('mkfifo', [at('repo/jobs/pipe')])
  fs.writeFileSync(at('repo/jobs/odd.bin'), Buffer.from([0xff, 0x00]))
  fs.writeFileSync(at('repo/jobs/large.txt'), Buffer.alloc(17 * 1024 * 1024, 'x'))
  put(dir, { 'repo/.gitignore': 'large.txt\npipe\n' })
  inGit('init', '-q', '-b', 'main')
})
afterEach(() => { process.chdir(here) })

/** What jobs in the repository come to, all read at once. */
const outcomesOf = async (expressions: ReadonlyArray<string>): Promise<ReadonlyArray<unknown>> => {
  process.env['CONTAINERD_DRIVER_JOBSPEC'] = WASM
  const files = expressions.map((_, index) => at(`repo/jobs/j${String(index)}.hcl`))
  files.forEach((file, index) => { fs.writeFileSync(file, asking(expressions[index] ?? '')) })
  const results = await load(files.map(inputOf(disk)), {})
  if (E.isLeft(results)) throw new Error(results.left)
  return results.right.map((one) => {
    if (E.isLeft(one)) return one.left.text
    const [task] = one.right._tag === 'Tasks' ? one.right.tasks : []
    return (task?.offline.documents.task as { readonly command: string }).command
  })
}

const inRepo = (expression: string, ...more: ReadonlyArray<string>): Promise<Output> => {
  put(dir, { 'repo/jobs/j.hcl': asking(expression) })
  return compiled(at('repo/jobs/j.hcl'), ...more)
}

describe('functions of a job that ask for files', () => {
  const read: ReadonlyArray<readonly [string, string]> = [
    ['file("conf/a.conf")', 'A'],
    ['file("./conf/../conf/a.conf")', 'A'],
    ['file("../top.txt")', 'top'],
    ['file("inside.txt")', 'top'],
    ['filebase64("odd.bin")', '/wA='],
    ['fileexists("conf/a.conf") ? "yes" : "no"', 'yes'],
    ['fileexists("conf/none") ? "yes" : "no"', 'no'],
    ['join(",", fileset("conf", "*.conf"))', 'a.conf,b.conf'],
    ['join(",", fileset(".", "conf/**/c.conf"))', 'conf/deep/c.conf'],
    ['join("", [for one in fileset("conf", "*.conf") : file("conf/${one}")])', 'AB'],
    ['basename("a/b")', 'b']
  ]
  it('see what lies below the root of the repository', async () => {
    expect(await outcomesOf(read.map(([expression]) => expression))).toEqual(read.map(([, expected]) => expected))
  })

  it('below the directory of the job where there is no repository', async () => {
    put(dir, { 'plain/j.hcl': asking('"${file("a.txt")}${file("deep/b.txt")}"') })
    expect(commandOf(await compiled(at('plain/j.hcl')))).toBe('ab')
  })

  const refused: ReadonlyArray<readonly [string, string]> = [
    ['file("../../secret.txt")', 'lies outside of'],
    ['file("/etc/hostname")', 'lies outside of'],
    ['file("outside.txt")', 'a link leads to'],
    ['file("etc/hostname")', 'a link leads to /etc/hostname'],
    ['filebase64("../../secret.txt")', 'lies outside of'],
    ['file("../../none")', 'lies outside of'],
    ['fileexists("/etc/hostname") ? "yes" : "no"', 'lies outside of'],
    ['fileexists("/nothing/there") ? "yes" : "no"', 'lies outside of'],
    ['fileexists("etc/none") ? "yes" : "no"', 'lies outside of'],
    ['join(",", fileset("/", "etc/*"))', 'lies outside of'],
    ['join(",", fileset("/etc", "*"))', 'lies outside of'],
    ['join(",", fileset("..", "../secret*"))', 'lies outside of'],
    ['join(",", fileset("etc", "host*"))', 'a link leads to'],
    ['try(file("/etc/hostname"), "none")', 'lies outside of'],
    ['file("../.git/config")', 'is a file of git itself'],
    ['file("loop")', 'is a link that leads to itself'],
    ['join(",", fileset("circle", "**/x"))', 'lead in a circle'],
    ['file("large.txt")', 'is larger than 16 MiB'],
    ['file("pipe")', 'is no regular file']
  ]
  it('see nothing else, and say why', async () => {
    const outcomes = await outcomesOf(refused.map(([expression]) => expression))
    refused.forEach(([expression, why], index) => {
      expect([expression, outcomes[index]]).toEqual([expression, expect.stringContaining('the job asks for the file')])
      expect([expression, outcomes[index]]).toEqual([expression, expect.stringContaining(why)])
    })
  })

  it('says at which line a file is asked for', async () => {
    expect((await inRepo('file("/etc/hostname")')).stderr).toMatch(/j\.hcl:7,\d+: the job asks for the file \/etc\/hostname/)
  })

  it.each([
    ['file("none.txt")', 'no file exists at'],
    ['file("odd.bin")', 'not valid UTF-8']
  ])('tells what the parser of Nomad says: %s', async (expression, said) => {
    expect(await inRepo(expression)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(said) })
  })

  it('more with --files-below, and with it no more than that', async () => {
    const more = ['--files-below', at('elsewhere'), '--files-below', at('plain')]
    expect(commandOf(await inRepo('"${file("../../elsewhere/e.txt")}${file("../../plain/a.txt")}"', ...more))).toBe('ea')
    expect(await inRepo('file("../../secret.txt")', ...more)).toMatchObject({ exitCode: 2 })
    expect(commandOf(await inRepo('file("outside.txt")', '--files-below', dir))).toBe('secret')
  })

  it('of standard input nothing, unless --files-below says from where', async () => {
    const run = (...more: ReadonlyArray<string>) =>
      spawnSync('node', [path.join(here, 'dist/containerd-driver'), 'compile', '-', ...more], { input: asking('file("a.txt")'), cwd: at('plain'), encoding: 'utf8' })
    expect(run()).toMatchObject({ status: 2, stderr: expect.stringContaining('--files-below DIR') })
    expect(run('--files-below', '.')).toMatchObject({ status: 0, stdout: expect.stringContaining('"a"') })
  })

  it('each job of a command has files of its own', async () => {
    put(dir, { 'one/j.hcl': asking('file("x")'), 'one/x': '1', 'two/j.hcl': asking('file("x")'), 'two/x': '2' })
    const { stdout } = await compiled(at('one/j.hcl'), at('two/j.hcl'))
    const documents = Object.values(JSON.parse(stdout) as Readonly<Record<string, { readonly process: { readonly args: ReadonlyArray<string> } }>>)
    expect(documents.map(({ process: { args } }) => args.at(-1))).toEqual(['1', '2'])
  })

  it('migrate reads them too', async () => {
    put(dir, { 'plain/m.hcl': job({ app: ours('image = file("a.txt")').replace('containerd-driver', 'docker') }) })
    expect(await commandLine('migrate', at('plain/m.hcl'))).toMatchObject({ stdout: expect.stringContaining('file("a.txt")') })
  })

  it('of two revisions each has its own', async () => {
    put(dir, { 'repo/jobs/j.hcl': asking('"${join(",", fileset("conf", "**/*.conf"))} ${file("conf/a.conf")} ${file("inside.txt")}"') })
    inGit('add', '-A'); inGit('commit', '-qm', 'one')
    put(dir, { 'repo/jobs/conf/a.conf': 'changed', 'repo/jobs/conf/d.conf': 'D' })
    inGit('add', '-A'); inGit('commit', '-qm', 'two')
    put(dir, { 'repo/jobs/conf/a.conf': 'of no revision' })
    process.chdir(at('repo/jobs'))
    const { stdout } = await commandLine('diff', '--git', 'HEAD~1..HEAD', 'j.hcl')
    expect(stdout).toMatch(/"a\.conf,b\.conf,deep\/c\.conf A top"\] -> .*"a\.conf,b\.conf,d\.conf,deep\/c\.conf changed top"\]/)
    expect((await commandLine('diff', '--git', 'HEAD', 'j.hcl')).stdout).toContain('of no revision')
  })

  it.each(['file("outside.txt")', 'file("../../secret.txt")', 'file("etc/hostname")'])('a revision has nothing outside of it: %s', async (expression) => {
    put(dir, { 'repo/jobs/j.hcl': asking(expression) })
    inGit('add', '-A'); inGit('commit', '-qm', 'three')
    process.chdir(at('repo'))
    const output = await commandLine('diff', '--git', 'HEAD~1..HEAD', 'jobs/j.hcl')
    expect(output).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/leads out of the repository|lies outside of/) })
  })
})
