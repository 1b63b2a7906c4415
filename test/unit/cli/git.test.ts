import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { Output } from '../../../src/cli/output/Output'
import { commandLine, job, ours, put, workDir } from '../../fakes/commandLine'

const dir = workDir()
const repo = path.join(dir, 'repo')
const EXECUTABLE = path.join(__dirname, '../../../dist/containerd-driver')
const jobOf = (image: string): string => job({ app: ours(`image = "${image}"`) })

const git = (...args: ReadonlyArray<string>): string => {
  const { status, stdout, stderr } = spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'protocol.file.allow=always', ...args], { cwd: process.cwd(), encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout.trim()
}

const commit = (files: Readonly<Record<string, string>>): void => {
  put(process.cwd(), files)
  git('add', '-A')
  git('commit', '-qm', 'x')
}

const diff = (range: string, ...files: ReadonlyArray<string>): Promise<Output> => commandLine('diff', '--git', range, ...files)

const here = process.cwd()
beforeAll(() => {
  fs.mkdirSync(repo)
  process.chdir(repo)
  git('init', '-q', '-b', 'main')
  commit({ 'a.hcl': jobOf('redis:1'), 'jobs/old.hcl': jobOf('redis:1'), 'noise.hcl': '\u0000' })
  fs.writeFileSync('latin.hcl', Buffer.from([0x23, 0xe9]))
  fs.symlinkSync('../a.hcl', 'jobs/link.hcl')
  fs.symlinkSync('jobs', 'also')
  fs.symlinkSync('/etc/hostname', 'jobs/out.hcl')
  fs.symlinkSync('nowhere', 'jobs/dangling.hcl')
  commit({})
  git('checkout', '-qb', 'change')
  git('mv', 'jobs/old.hcl', 'jobs/new.hcl')
  commit({ 'a.hcl': jobOf('redis:2') })
})
beforeEach(() => { process.chdir(repo) })
afterAll(() => { process.chdir(here) })

const image = (from: string, to: string): unknown => expect.stringContaining(`/container/image/name: "docker.io/library/redis:${from}" -> "docker.io/library/redis:${to}"`)

describe('diff --git', () => {
  it.each(['', '..', '...', '..HEAD', '...HEAD'])('refuses %j, which names nothing to start from', async (range) => {
    expect(await diff(range, 'a.hcl')).toEqual({ stdout: '', exitCode: 2, stderr: `--git "${range}": names no revision to start from; give BASE..HEAD, BASE...HEAD, or BASE\n` })
  })

  it.each(['main..change', 'main..', 'main', 'main...change', 'HEAD~1..HEAD'])('takes %s', async (range) => {
    expect(await diff(range, 'a.hcl')).toMatchObject({ exitCode: 1, stderr: expect.not.stringContaining('--git'), stdout: image('1', '2') })
  })

  it.each([['main..nope', 'nope'], ['nope..main', 'nope'], ['main..a..b', 'a..b'], ['--all', '--all']])('refuses %s: there is no such revision', async (range, name) => {
    expect(await diff(range, 'a.hcl')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`there is no revision "${name}"`) })
  })

  it('starts three dots where the two parted', async () => {
    git('checkout', '-qb', 'later', 'main')
    commit({ 'a.hcl': jobOf('redis:3') })
    expect(await diff('later...change', 'a.hcl')).toMatchObject({ stdout: image('1', '2') })
    expect(await diff('later..change', 'a.hcl')).toMatchObject({ stdout: image('3', '2') })
    git('checkout', '-q', 'change')
  })

  it('works in a directory of the repository, with paths from there', async () => {
    process.chdir('jobs')
    expect(await diff('main..change', '../a.hcl')).toMatchObject({ exitCode: 1, stdout: image('1', '2') })
  })

  it('follows links inside the repository, of files and directories', async () => {
    for (const name of ['jobs/link.hcl', 'also/link.hcl']) expect(await diff('main..change', name)).toMatchObject({ exitCode: 1, stdout: image('1', '2') })
  })

  it('says of a job of other drivers that nothing is compared, and goes on', async () => {
    git('checkout', '-qb', 'docker')
    commit({ 'docker.hcl': job({ app: '      driver = "docker"' }) })
    expect(await diff('main..docker', 'docker.hcl', 'a.hcl')).toMatchObject({ exitCode: 1, stderr: 'docker.hcl: has no task with driver = "containerd-driver": nothing is compared\n', stdout: image('1', '2') })
    git('checkout', '-q', 'change')
  })

  it('has nothing where a link leads out of the repository or nowhere, where a name does, or one with a line feed', async () => {
    for (const name of ['jobs/out.hcl', 'jobs/dangling.hcl', '../outside.hcl', '/etc/hostname', 'a.hcl\nb', 'a.hcl/x', 'none']) {
      const { stdout, stderr, exitCode } = await diff('main..change', name)
      expect({ name, stdout, exitCode }).toEqual({ name, stdout: '', exitCode: 2 })
      expect(stderr).toBe(`${name.replace('\n', '\\u000a')}: is in neither revision\n`)
    }
  })

  it('tells a job that was deleted in the working tree as between two commits', async () => {
    fs.rmSync('jobs/new.hcl')
    const tree = await diff('change', 'jobs/new.hcl')
    git('checkout', '-q', '--', 'jobs/new.hcl')
    git('checkout', '-qb', 'gone')
    fs.rmSync('jobs/new.hcl')
    commit({})
    const commits = await diff('change..gone', 'jobs/new.hcl')
    git('checkout', '-q', 'change')
    for (const said of [tree, commits]) expect(said).toMatchObject({ exitCode: 1, stderr: '', stdout: expect.stringContaining('the task is gone') })
  })

  it('reads a fixture directory as the revision has it: what it lacks is not taken from the working tree', async () => {
    const fixture = path.join(__dirname, '../../../fixtures/specs/minimal')
    fs.cpSync(fixture, 'case', { recursive: true })
    fs.rmSync('case/facts.json')
    git('checkout', '-qb', 'fixture')
    commit({})
    fs.copyFileSync(path.join(fixture, 'facts.json'), 'case/facts.json')
    expect(await diff('fixture', 'case')).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('/container/image/digest') })
    fs.rmSync('case', { recursive: true })
    git('checkout', '-q', '--', 'case')
    git('checkout', '-q', 'change')
  })

  it.each([[['jobs/new.hcl']], [['jobs/old.hcl']], [['./jobs/old.hcl', 'jobs/new.hcl']]])('follows a job that was moved, by whichever of its names: %j', async (names) => {
    const { stdout, stderr } = await diff('main..change', ...names)
    expect(stderr).toBe('')
    expect(stdout).not.toMatch(/the task is gone|a task that was not there before/)
    expect((await diff('main..change', ...names, 'a.hcl')).exitCode).toBe(1)
  })

  it('tells of a moved job what differs in it, under both names', async () => {
    git('checkout', '-qb', 'moved')
    git('mv', 'jobs/new.hcl', 'jobs/newer.hcl')
    const text = fs.readFileSync('jobs/newer.hcl', 'utf8')
    commit({ 'jobs/newer.hcl': text.replace(/redis:\d+/, 'redis:99') })
    const { stdout, exitCode } = await diff('change..moved', 'jobs/newer.hcl')
    git('checkout', '-q', 'change')
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/jobs\/new\.hcl → jobs\/newer\.hcl web\/app: /)
    expect(stdout).toContain('redis:99')
  })

  it('tells what is no text, and a directory that is no fixture, by revision', async () => {
    const sha = git('rev-parse', 'change').slice(0, 8)
    expect((await diff('main..change', 'latin.hcl')).stderr).toContain(`latin.hcl@${sha}: is no text (UTF-8)`)
    expect((await diff('main..change', 'jobs')).stderr).toContain(`jobs@${sha}: is a directory and no fixture`)
  })

  it('has nothing of a submodule: its files are in another repository', async () => {
    git('clone', '-q', repo, path.join(dir, 'part'))
    git('checkout', '-qb', 'submodule')
    git('submodule', 'add', '-q', path.join(dir, 'part'), 'part')
    commit({})
    for (const name of ['part', 'part/a.hcl']) expect(await diff('main..submodule', name)).toEqual({ stdout: '', exitCode: 2, stderr: `${name}: is in neither revision\n` })
    git('checkout', '-q', 'change')
  })
})

describe('diff --git says what to do', () => {
  it('in a shallow clone, which has no commit in common', async () => {
    git('clone', '-q', '--depth', '1', '--no-single-branch', `file://${repo}`, path.join(dir, 'shallow'))
    process.chdir(path.join(dir, 'shallow'))
    expect(await diff('origin/main...origin/change', 'a.hcl')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no common commit here; a shallow clone has to be fetched deeper') })
  })

  it('in a repository without a commit, and where there is no repository', async () => {
    fs.mkdirSync(path.join(dir, 'fresh'))
    process.chdir(path.join(dir, 'fresh'))
    expect(await diff('main', 'a.hcl')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('not a git repository') })
    git('init', '-q', '-b', 'main')
    expect(await diff('main', 'a.hcl')).toEqual({ stdout: '', exitCode: 2, stderr: '--git main: there is no revision "HEAD"\n' })
  })

  it('without the git program', () => {
    const { status, stderr } = spawnSync(process.execPath, [EXECUTABLE, 'diff', '--git', 'main', 'a.hcl'], { env: { PATH: dir }, encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 2, stderr: '--git main: the git program is not installed\n' })
  })
})
