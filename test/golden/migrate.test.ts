import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import * as E from 'fp-ts/Either'

import { parseHcl } from '../../src/cli/hcl/parseHcl'
import { oneTask } from '../../src/cli/load/tasksOf'
import { migrateCommand } from '../../src/cli/migrate/migrate'
import * as Job from '../../src/core/job/Job'
import { translateOffline } from '../../src/core/offline'
import * as explain from '../../src/core/report/explain'
import { rightOf } from '../../src/testing/facts'

const ROOT = path.join(__dirname, '../../fixtures/migrate')
const WASM = path.join(__dirname, '../../dist/jobspec.wasm')
const UPDATE = process.env['UPDATE_GOLDEN'] === '1'

const CASES = fs.readdirSync(ROOT)

const isHcl = (name: string): boolean => fs.existsSync(path.join(ROOT, name, 'job.nomad.hcl'))

const fileOf = (name: string, kind: 'job' | 'expected'): string => path.join(ROOT, name, isHcl(name) ? `${kind}.nomad.hcl` : `${kind}.json`)

const read = (file: string): string => fs.readFileSync(file, 'utf8')

const jobOf = async (file: string): Promise<Job.Job> => {
  const source = read(file)
  if (file.endsWith('.json')) return rightOf(Job.decode(JSON.parse(source)))
  const [result] = await parseHcl(WASM, [{ kind: 'job', name: path.basename(file), source }])
  if (result?.ok !== true) throw new Error(JSON.stringify(result ?? 'no answer'))
  return rightOf(Job.decode(result.value))
}

/** What is refused in a migrated job, and why that is right: its report has said so. */
const REFUSED: Readonly<Record<string, string>> = { 'old-style': 'task.runtime = "io.containerd.runsc.v1": the plugin option `allow_runtimes` does not list it' }

/** An image that has something to run, and what a case says of its host. */
const IMAGE = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'migrate-')), 'image.json')
const factsOf = (name: string): { readonly facts?: string } => {
  const facts = path.join(ROOT, name, 'facts.json')
  return fs.existsSync(facts) ? { facts } : {}
}

const before = process.env['CONTAINERD_DRIVER_JOBSPEC']
beforeAll(() => {
  process.env['CONTAINERD_DRIVER_JOBSPEC'] = WASM
  fs.writeFileSync(IMAGE, JSON.stringify({ architecture: 'amd64', os: 'linux', config: { Cmd: ['/bin/run'] } }))
})
afterAll(() => {
  fs.rmSync(path.dirname(IMAGE), { recursive: true })
  if (before === undefined) delete process.env['CONTAINERD_DRIVER_JOBSPEC']
  else process.env['CONTAINERD_DRIVER_JOBSPEC'] = before
})

describe('every stored job migrates to what is stored beside it', () => {
  it('finds the stored jobs', () => expect(CASES.length).toBeGreaterThanOrEqual(15))

  it.each(CASES)('%s', async (name) => {
    const { stdout, stderr, exitCode } = await migrateCommand([fileOf(name, 'job')], {})
    const report = `${stderr}exit ${exitCode}\n`
    const [expected, told] = [fileOf(name, 'expected'), path.join(ROOT, name, 'report.txt')]
    if (UPDATE) {
      fs.writeFileSync(expected, stdout)
      fs.writeFileSync(told, report)
    }
    expect(stdout).toBe(read(expected))
    expect(report).toBe(read(told))
  })
})

describe('a migrated job', () => {
  it.each(CASES)('%s has the tasks that it had, and none of docker', async (name) => {
    const [old, made] = [await jobOf(fileOf(name, 'job')), await jobOf(fileOf(name, 'expected'))]
    const driverOf = ({ group, task }: Job.Place): string => `${group.Name}/${task.Name} ${task.Driver}`
    expect(Job.placesOf(old).map(driverOf).some((one) => / (?:docker|podman)$/.test(one))).toBe(true)
    expect(Job.placesOf(made).map(driverOf)).toEqual(Job.placesOf(old).map(driverOf).map((one) => one.replace(/ (?:docker|podman)$/, ' containerd-driver')))
  })

  it.each(CASES)('%s differs from the old one in drivers and configs alone', async (name) => {
    const bare = (job: Job.Job): unknown => JSON.parse(JSON.stringify(job, (key, value: unknown) => (key === 'Config' || key === 'Driver' ? undefined : value)))
    expect(bare(await jobOf(fileOf(name, 'expected')))).toEqual(bare(await jobOf(fileOf(name, 'job'))))
  })

  it.each(CASES)('%s compiles, or is refused for what the report names', async (name) => {
    const job = await jobOf(fileOf(name, 'expected'))
    const ours = Job.placesOf(job).filter(({ task }) => task.Driver === 'containerd-driver').map(({ group, task }) => `${group.Name}/${task.Name}`)
    expect(ours.length).toBeGreaterThan(0)
    const refusals = await Promise.all(ours.map(async (task) => {
      const { outcome } = translateOffline(rightOf(await oneTask(fileOf(name, 'expected'), { task, imageConfig: IMAGE, ...factsOf(name) })).offline)
      return E.isLeft(outcome) ? explain.issues(outcome.left) : ''
    }))
    expect(refusals.join('')).toEqual(expect.stringContaining(REFUSED[name] ?? ''))
    if (REFUSED[name] === undefined) expect(refusals.join('')).toBe('')
  })

  it.each(CASES)('%s needs no second migration', async (name) => {
    const again = await migrateCommand([fileOf(name, 'expected')], {})
    expect(again.stdout).toBe(read(fileOf(name, 'expected')))
    expect(again.exitCode).toBe(0)
  })
})
