import * as fs from 'node:fs'
import * as path from 'node:path'

import * as E from 'fp-ts/Either'

import { readSuite } from '../../../src/cli/golden/Suite'
import { unchangedIn } from '../../../src/cli/golden/unchanged'
import { commandLine, job, ours, put, workDir } from '../../fakes/commandLine'

const dir = workDir()
const at = (name: string): string => path.join(dir, name)

const FEWEST = 50
const JOBS = Array.from({ length: FEWEST }, (_, index) => `jobs/j${String(index)}.${index < 2 ? 'nomad.hcl' : 'json'}`)
const config = (more: object = {}): string =>
  JSON.stringify({ jobs: ['jobs/*.hcl', 'jobs/*.json'], plugin: 'plugin.hcl', facts: 'facts.json', var_files: ['more.hcl'], ...more })

const VERSION = 'variable "version" { default = "7" }\n'
const hcl = VERSION + job({ app: ours('image = "redis:${var.version}"') })
const json = JSON.stringify({
  Job: { ID: 'shop', TaskGroups: [{ Name: 'web', Tasks: [{ Name: 'app', Driver: 'containerd-driver', Config: { image: 'redis:7' } }] }] }
})
const START = {
  'containerd-driver.json': config(),
  'plugin.hcl': 'containerd_runtime = "io.containerd.runc.v2"\n',
  'facts.json': '{}',
  'more.hcl': '',
  ...Object.fromEntries(JOBS.map((name) => [name, name.endsWith('.json') ? json : hcl]))
}
const FIRST = 'goldens/jobs/j0.nomad.hcl/web.app.json'

const unchanged = (): ReadonlyArray<string> => {
  const suite = readSuite(dir)
  return E.isLeft(suite) ? [] : unchangedIn(suite.right, JOBS).map((one) => one.job)
}

beforeAll(async () => {
  put(dir, START)
  expect(await commandLine('golden', 'update', dir)).toMatchObject({ stderr: '', exitCode: 0 })
})

const restored = async (run: () => Promise<void>): Promise<void> => {
  const kept = `${dir}.kept`
  fs.cpSync(dir, kept, { recursive: true })
  try {
    await run()
  } finally {
    fs.rmSync(dir, { recursive: true })
    fs.renameSync(kept, dir)
    delete process.env['NOMAD_VAR_version']
  }
}

const edit = (name: string, change: (text: string) => string) => (): void => put(dir, { [name]: change(fs.readFileSync(at(name), 'utf8')) })

describe('jobs that nothing has changed since golden update', () => {
  it('are known, and nothing is found', async () => {
    expect(unchanged()).toEqual(JOBS)
    expect(await commandLine('golden', 'check', dir)).toEqual({ stdout: '', stderr: '', exitCode: 0 })
    expect(await commandLine('golden', 'update', dir)).toEqual({ stdout: '', stderr: '', exitCode: 0 })
  })

  it.each<readonly [string, () => void, number, number]>([
    ['a comment in a job', edit(JOBS[0] ?? '', (text) => `# x\n${text}`), 49, 0],
    ['an option of a job', edit(JOBS[0] ?? '', (text) => text.replace('config {', 'config {\nprivileged = true')), 49, 1],
    ['a value in a golden', edit(FIRST, (text) => text.replace('redis:7', 'redis:8')), 49, 1],
    ['a space in a golden', edit(FIRST, (text) => `${text} `), 49, 0],
    ['a golden that is gone', () => fs.rmSync(at(FIRST)), 49, 1],
    ['the config of the operator', edit('plugin.hcl', (text) => `${text}pids_limit = 7\n`), 0, 1],
    ['the facts', edit('facts.json', () => '{ "hostname": "x" }'), 0, -1],
    ['a file of variables', edit('more.hcl', () => 'version = "8"\n'), 0, 1],
    ['a variable in the suite', () => put(dir, { 'containerd-driver.json': config({ vars: { version: '8' } }) }), 0, 1],
    ['a variable of the environment', () => { process.env['NOMAD_VAR_version'] = '9' }, 0, 1],
    ['a rule of the suite', () => put(dir, { 'containerd-driver.json': config({ ignore: [{ path: '/x', reason: 'y' }] }) }), 0, -1],
    ['a number of another job', edit('goldens/.unchanged', (text) => text.replace('jobs/j0.nomad.hcl', 'jobs/j2.json')), 49, 0],
    ['numbers that are none', edit('goldens/.unchanged', () => '[]\n{}\n["x"]\n<<<<<<< ours\n'), 0, 0]
  ])('%s: is compared in full', async (_, change, known, exitCode) => {
    await restored(async () => {
      change()
      expect(unchanged()).toHaveLength(known)
      const found = await commandLine('golden', 'check', dir)
      expect(found).toEqual(await commandLine('golden', 'check', dir, '--all'))
      if (exitCode >= 0) expect(found).toMatchObject({ exitCode })
    })
  })

  it('the text alone decides of no job that asks for files, or throws dice', async () => {
    await restored(async () => {
      put(dir, { 'jobs/tag.txt': '7', [JOBS[0] ?? '']: job({ app: ours('image = "redis:${file("tag.txt")}"') }) })
      put(dir, { [JOBS[1] ?? '']: job({ app: ours('image = "redis:7"', 'labels = { id = uuidv4 ( ) }') }) })
      await commandLine('golden', 'update', dir)
      expect(unchanged()).toHaveLength(48)
      put(dir, { 'jobs/tag.txt': '8' })
      expect((await commandLine('golden', 'check', dir)).stdout).toMatch(/j0\.nomad\.hcl[^]*redis:8/)
    })
  })

  it('a job that is saved while its golden is made has no number of what it was not', async () => {
    await restored(async () => {
      const name = JOBS[1] ?? ''
      const text = fs.readFileSync(at(name), 'utf8')
      fs.rmSync(at('goldens'), { recursive: true })
      const updating = commandLine('golden', 'update', dir)
      // Its text was read by now: what it comes to takes longer.
      await new Promise((resolve) => setTimeout(resolve, 0))
      put(dir, { [name]: text.replace('config {', 'config {\nprivileged = true') })
      await updating
      expect(await commandLine('golden', 'check', dir)).toEqual(await commandLine('golden', 'check', dir, '--all'))
      expect(await commandLine('golden', 'check', dir)).toMatchObject({ exitCode: 1 })
    })
  })

  it('tells all names that it looked at, and takes no golden of a known job for an extra one', async () => {
    const { stdout } = await commandLine('golden', 'check', dir, '--format', 'junit')
    expect(stdout).toContain(`tests="${String(FEWEST)}"`)
  })

  it('a job that is gone, and a golden that nobody has, are told', async () => {
    const text = fs.readFileSync(at(JOBS[3] ?? ''), 'utf8')
    fs.rmSync(at(JOBS[3] ?? ''))
    expect((await commandLine('golden', 'check', dir)).stdout).toContain('is the golden of no task')
    put(dir, { [JOBS[3] ?? '']: text })
    expect(await commandLine('golden', 'check', dir)).toMatchObject({ exitCode: 0 })
  })

  it('fewer jobs have no numbers', async () => {
    const few = at('few')
    put(few, { 'containerd-driver.json': '{"jobs":["*.nomad.hcl"]}', 'one.nomad.hcl': job({ app: ours('image = "redis:7"') }), 'goldens/.unchanged': 'old\n' })
    expect(await commandLine('golden', 'update', few)).toMatchObject({ exitCode: 0 })
    expect(fs.existsSync(path.join(few, 'goldens/.unchanged'))).toBe(false)
  })
})
