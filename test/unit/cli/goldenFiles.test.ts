import * as fs from 'node:fs'
import * as path from 'node:path'

import { commandLine, job, ours, put, workDir } from '../../fakes/commandLine'

const dir = workDir()
const JOB = job({ app: ours('image = "redis:7"') })
const OTHER = job({ other: ours('image = "redis:7"') })

/** A suite of one job, whose goldens are not written yet. */
const suite = (name: string, config: Readonly<Record<string, unknown>> = {}, files: Readonly<Record<string, string>> = {}): string => {
  put(path.join(dir, name), { 'containerd-driver.json': JSON.stringify({ jobs: ['jobs/*.nomad.hcl'], ...config }), 'jobs/shop.nomad.hcl': JOB, ...files })
  return path.join(dir, name)
}

/** Every file and link below a directory. */
const filesOf = (root: string): ReadonlyArray<string> =>
  fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => !fs.lstatSync(path.join(root, name)).isDirectory()).sort()

describe('a directory of goldens', () => {
  it.each(['.', './', '..', '../beside', 'jobs/../..', '/', '/tmp', ''])('is refused at %j, and no file is touched', async (goldens) => {
    const root = suite('places', { goldens }, { 'package.json': '{}' })
    const before = filesOf(dir)
    for (const command of ['update', 'check']) {
      const { stdout, stderr, exitCode } = await commandLine('golden', command, root)
      expect([exitCode, stdout]).toEqual([2, ''])
      expect(stderr).toContain(`containerd-driver.json: golden.goldens: ${JSON.stringify(goldens)} does not lie below the directory of this file`)
    }
    expect(filesOf(dir)).toEqual(before)
  })

  it.each([['the suite itself', '.'], ['a directory above it', '..'], ['one elsewhere', '../elsewhere']])('is refused as a link to %s', async (_what, target) => {
    const root = suite('linked', {}, { 'package.json': '{}' })
    fs.mkdirSync(path.join(dir, 'elsewhere'), { recursive: true })
    fs.rmSync(path.join(root, 'goldens'), { force: true })
    fs.symlinkSync(target, path.join(root, 'goldens'))
    expect(await commandLine('golden', 'update', root)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('links followed') })
    expect(fs.existsSync(path.join(root, 'package.json'))).toBe(true)
  })

  it('may be several steps below, named from the root, or a link to another below', async () => {
    const root = suite('deep', { goldens: 'ci/goldens' })
    fs.mkdirSync(path.join(root, 'real'))
    fs.mkdirSync(path.join(root, 'ci'))
    fs.symlinkSync('../real', path.join(root, 'ci/goldens'))
    expect((await commandLine('golden', 'update', root)).exitCode).toBe(0)
    expect(fs.existsSync(path.join(root, 'real/jobs/shop.nomad.hcl/web.app.json'))).toBe(true)
    const absolute = suite('absolute', { goldens: path.join(dir, 'absolute/goldens'), jobs: [path.join(dir, 'absolute/jobs/*.hcl')] })
    expect((await commandLine('golden', 'update', absolute)).exitCode).toBe(0)
    expect((await commandLine('golden', 'check', absolute)).exitCode).toBe(0)
  })
})

describe('golden update removes', () => {
  it('only documents of its own, and golden check tells the others', async () => {
    const strangers = { 'goldens/package.json': '{}', 'goldens/notes.json': 'no json', 'goldens/jobs/spec.json': '{"ociVersion":"1.1.0"}', 'goldens/README.md': 'x' }
    const root = suite('strangers', {}, strangers)
    await commandLine('golden', 'update', root)
    put(root, { 'jobs/shop.nomad.hcl': OTHER })
    const { stdout } = await commandLine('golden', 'check', root)
    expect(stdout).toContain('package.json: error: lies among the goldens and is none: `golden update` leaves it there')
    expect((await commandLine('golden', 'update', root)).stdout.split('\n').filter((line) => line.startsWith('removed'))).toEqual([`removed ${root}/goldens/jobs/shop.nomad.hcl/web.app.json`])
    expect(filesOf(path.join(root, 'goldens'))).toEqual(['README.md', 'jobs/shop.nomad.hcl/web.other.json', 'jobs/spec.json', 'notes.json', 'package.json'])
  })

  it('nothing while anything could not be read', async () => {
    const root = suite('faulty', {}, { 'jobs/second.nomad.hcl': JOB })
    await commandLine('golden', 'update', root)
    put(root, { 'jobs/shop.nomad.hcl': OTHER, 'jobs/second.nomad.hcl': 'job "x" {' })
    const { stdout, exitCode } = await commandLine('golden', 'update', root)
    expect([exitCode, stdout]).toEqual([2, `wrote ${root}/goldens/jobs/shop.nomad.hcl/web.other.json\n`])
    expect(filesOf(path.join(root, 'goldens/jobs/shop.nomad.hcl'))).toEqual(['web.app.json', 'web.other.json'])
  })
})

describe('a suite', () => {
  it('that names no job is refused: it would pass whatever there is', async () => {
    expect(await commandLine('golden', 'check', suite('none', { jobs: [] }))).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('golden.jobs: names nothing') })
  })

  it('is refused where no job has a task of this driver, or a finished document is named as a job', async () => {
    const docker = JOB.replace('containerd-driver', 'docker')
    expect(await commandLine('golden', 'check', suite('docker', {}, { 'jobs/shop.nomad.hcl': docker }))).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('none of them has a task with driver = "containerd-driver"') })
    const spec = suite('spec', { jobs: ['spec.json'] }, { 'spec.json': '{"ociVersion":"1.1.0"}' })
    expect(await commandLine('golden', 'check', spec)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is a finished spec, not a job') })
  })

  it('may have a pattern that takes in its own goldens', async () => {
    const narrow = suite('narrow', { jobs: ['jobs/*', 'goldens/**/*.json'] })
    await commandLine('golden', 'update', narrow)
    expect(await commandLine('golden', 'check', narrow)).toEqual({ stdout: '', stderr: '', exitCode: 0 })
  })

  it('gives each task a file of its own, also where names have dots, and tells where it cannot', async () => {
    const dotted = (group: string, task: string): string => `group "${group}" {\n task "${task}" {\n${ours('image = "redis:7"')}\n}\n}\n`
    const root = suite('dots', { jobs: ['jobs/dots.nomad.hcl'] }, { 'jobs/dots.nomad.hcl': `job "x" {\n${dotted('a', 'b.c')}${dotted('a.b', 'c')}}` })
    await commandLine('golden', 'update', root)
    expect(filesOf(path.join(root, 'goldens/jobs/dots.nomad.hcl'))).toEqual(['a%2Eb.c.json', 'a.b%2Ec.json'])
    const same = suite('same', { jobs: ['../up.hcl', '__/up.hcl'] }, { '../up.hcl': JOB, '__/up.hcl': JOB })
    expect(await commandLine('golden', 'check', same)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('__/up.hcl web/app: has the same file as ') })
  })
})
