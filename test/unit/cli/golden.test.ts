import * as fs from 'node:fs'
import * as path from 'node:path'

import { commandLine, job, ours, put, workDir } from '../../fakes/commandLine'

const dir = workDir()
const at = (suite: string, name: string): string => path.join(dir, suite, name)

/** A suite with one job, its goldens written. */
const suite = async (name: string, config: Readonly<Record<string, unknown>> = {}): Promise<string> => {
  put(path.join(dir, name), {
    'containerd-driver.json': JSON.stringify({ jobs: ['jobs/*.nomad.hcl'], ...config }),
    'jobs/shop.nomad.hcl': job({ app: '      env { LEVEL = "info" }\n' + ours('image = "redis:7"') })
  })
  expect((await commandLine('golden', 'update', path.join(dir, name))).exitCode).toBe(0)
  return path.join(dir, name)
}

const change = (name: string, text: string): void => { put(path.join(dir, name), { 'jobs/shop.nomad.hcl': text }) }

describe('golden', () => {
  it('update writes a redacted document for each task, and check then says nothing', async () => {
    const root = await suite('fresh')
    const golden = at('fresh', 'goldens/jobs/shop.nomad.hcl/web.app.json')
    expect(fs.readFileSync(golden, 'utf8')).toContain('LEVEL=(redacted)')
    expect(await commandLine('golden', 'check', root)).toEqual({ stdout: '', stderr: '', exitCode: 0 })
  })

  it('update writes only what changed', async () => {
    const root = await suite('again')
    expect(await commandLine('golden', 'update', root)).toEqual({ stdout: '', stderr: '', exitCode: 0 })
    change('again', job({ app: ours('image = "redis:8"') }))
    expect((await commandLine('golden', 'update', root)).stdout).toBe(`wrote ${at('again', 'goldens/jobs/shop.nomad.hcl/web.app.json')}\n`)
  })

  it('a stale golden is a finding, with its verdict', async () => {
    const root = await suite('stale')
    change('stale', job({ app: ours('image = "redis:7"', 'privileged = true') }))
    const { stdout, exitCode } = await commandLine('golden', 'check', root, '--format', 'json')
    expect(exitCode).toBe(1)
    const { comparisons } = JSON.parse(stdout)
    expect(comparisons[0].changes.map(({ verdict }: { readonly verdict: string }) => verdict)).toContain('weakens')
    expect(await commandLine('golden', 'check', root, '--exit-zero')).toMatchObject({ exitCode: 0 })
    expect(await commandLine('golden', 'check', root, '--detailed-exitcode')).toMatchObject({ exitCode: 2 })
  })

  it('a missing and an extra golden are findings', async () => {
    const root = await suite('moved')
    change('moved', job({ renamed: ours('image = "redis:7"') }))
    const { stdout, exitCode } = await commandLine('golden', 'check', root)
    expect(exitCode).toBe(1)
    expect(stdout).toContain('golden update')
    expect(stdout).toContain('web.renamed.json')
    expect(stdout).toContain('is the golden of no task')
    const { stdout: said } = await commandLine('golden', 'update', root)
    expect(said).toContain('removed ')
    expect(fs.existsSync(at('moved', 'goldens/jobs/shop.nomad.hcl/web.app.json'))).toBe(false)
  })

  it.each(['{}', 'null', '{"ociVersion":"1.1.0"}', '<<<<<<< ours'])('a golden that says %s is unreadable, whatever may differ, and is written anew', async (text) => {
    const root = await suite('conflict')
    put(root, { 'goldens/jobs/shop.nomad.hcl/web.app.json': text })
    expect(await commandLine('golden', 'check', root, '--fail-on', 'weakens', '--format', 'json')).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('"golden-unreadable"') })
    expect((await commandLine('golden', 'update', root)).stdout).toContain('wrote ')
    expect((await commandLine('golden', 'check', root)).exitCode).toBe(0)
  })

  it('values of show_env are stored and compared, others are not', async () => {
    const root = await suite('shown', { show_env: ['LEVEL'] })
    expect(fs.readFileSync(at('shown', 'goldens/jobs/shop.nomad.hcl/web.app.json'), 'utf8')).toContain('LEVEL=info')
    change('shown', job({ app: '      env { LEVEL = "debug" }\n' + ours('image = "redis:7"') }))
    expect((await commandLine('golden', 'check', root)).exitCode).toBe(1)
    const hidden = await suite('hidden')
    change('hidden', job({ app: '      env { LEVEL = "debug" }\n' + ours('image = "redis:7"') }))
    expect((await commandLine('golden', 'check', hidden)).exitCode).toBe(0)
  })

  it('a path of the host is compared, also where it is a value of the environment', async () => {
    const root = await suite('path')
    const text = job({ app: '      env { DATA = "/srv/aa" }\n' + ours('image = "redis:7"', 'args = ["${DATA}"]', 'volumes = ["/srv/aa:/data"]') })
    change('path', text)
    await commandLine('golden', 'update', root)
    expect(fs.readFileSync(at('path', 'goldens/jobs/shop.nomad.hcl/web.app.json'), 'utf8')).toContain('"(redacted DATA)"')
    change('path', text.replaceAll('/srv/aa', '/root'))
    expect(await commandLine('golden', 'check', root)).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('weakens  isolation /spec/mounts/~1data') })
  })

  it('an ignore rule hides a difference and changes the exit code; an unused one is told', async () => {
    const rule = { path: '/container/labels/*', reason: 'the team moves' }
    const root = await suite('ignored', { ignore: [rule, { path: '/stop/*', reason: 'none' }] })
    change('ignored', job({ app: '      env { LEVEL = "info" }\n' + ours('image = "redis:7"', 'labels = { team = "a" }') }))
    const { stdout, exitCode } = await commandLine('golden', 'check', root)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('the ignore rule for /stop/* covers nothing any more')
    expect(stdout).not.toContain('team')
    expect((await commandLine('golden', 'update', root)).stdout).toBe('')
  })

  it('a rule without a reason, and other mistakes in the config, are told with the file', async () => {
    put(path.join(dir, 'bad'), { 'containerd-driver.json': JSON.stringify({ job: ['x'], ignore: [{ path: '/a' }] }) })
    const { stderr, exitCode } = await commandLine('golden', 'check', path.join(dir, 'bad'))
    expect(exitCode).toBe(2)
    for (const part of ['golden.ignore[0].reason: is required', 'golden.jobs: is required', 'golden.job: is no option here; did you mean "jobs"?']) {
      expect(stderr).toContain(`${at('bad', 'containerd-driver.json')}: ${part}`)
    }
  })

  it('a job that cannot be read is a fault, and its goldens stay', async () => {
    const root = await suite('broken')
    change('broken', 'job "x" {')
    const { stderr, exitCode } = await commandLine('golden', 'check', root)
    expect(exitCode).toBe(2)
    expect(stderr).toContain('shop.nomad.hcl')
    await commandLine('golden', 'update', root)
    expect(fs.existsSync(at('broken', 'goldens/jobs/shop.nomad.hcl/web.app.json'))).toBe(true)
  })

  it.each(['json', 'sarif', 'junit', 'github', 'markdown', 'html'])('what cannot be read is a finding in %s, of golden check as of diff', async (format) => {
    const root = await suite(`unread-${format}`)
    change(`unread-${format}`, 'job "x" {')
    put(root, { 'facts.json': '[]' })
    const broken = at(`unread-${format}`, 'jobs/shop.nomad.hcl')
    for (const command of [['golden', 'check', root], ['diff', broken, broken]]) {
      const { stdout, stderr, exitCode } = await commandLine(...command, '--format', format)
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('jobs/shop.nomad.hcl:')])
      expect(stdout).toContain('Unclosed configuration block')
    }
    expect(await commandLine('check', broken, '--facts', path.join(root, 'facts.json'), '--format', format)).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('is not what a facts file has there') })
  })

  it('a directory without a config file says what it would hold', async () => {
    put(dir, { 'empty/x': '' })
    expect(await commandLine('golden', 'check', path.join(dir, 'empty'))).toMatchObject({
      exitCode: 2, stderr: `${at('empty', 'containerd-driver.json')}: no such file; it says what is compared, such as { "jobs": ["*.nomad.hcl"] }\n`
    })
  })
})
