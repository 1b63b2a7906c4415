import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { checkCommand } from '../../src/cli/check/check'
import { migrateCommand } from '../../src/cli/migrate/migrate'
import { Output } from '../../src/cli/output/Output'
import { planCommand } from '../../src/cli/plan/plan'

const HOME = path.join(__dirname, '../..')
const ROOT = 'fixtures/jobs'
const UPDATE = process.env['UPDATE_GOLDEN'] === '1'

const here = process.cwd()
const before = process.env['CONTAINERD_DRIVER_JOBSPEC']
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'jobs-'))

const NAMES = fs.readdirSync(path.join(HOME, ROOT)).sort()
const hasVariables = (name: string): boolean => fs.existsSync(path.join(HOME, ROOT, name, 'vars.hcl'))

/** Jobs that are read with the same variables: most have none. */
const BATCHES = [NAMES.filter((name) => !hasVariables(name)), ...NAMES.filter(hasVariables).map((name) => [name])]

interface Told {
  readonly migrated: string
  readonly report: string
  readonly check: string
  readonly plan: string
}

const told = new Map<string, Told>()

const fileIn = (name: string, file: string): string => path.join(ROOT, name, file)

/** What is said of several files, by the file in front of a line or above some lines. */
const ofFile = (text: string, file: string): string =>
  text.split('\n').filter((line) => line.startsWith(`${file}:`)).map((line) => `${line.slice(file.length + 1).trimStart()}\n`).join('')

const reportOf = ({ stderr }: Output, names: ReadonlyArray<string>, file: string): string =>
  names.length === 1 ? stderr : (stderr.split(/^(?=\S+\.hcl:$)/m).find((one) => one.startsWith(`${file}:\n`)) ?? '').slice(file.length + 2).trimEnd() + '\n'

const planOf = (name: string): string => {
  const below = path.join(dir, 'plans', fileIn(name, 'migrated.nomad.hcl'))
  const files = fs.existsSync(below) ? fs.readdirSync(below).sort() : []
  return files.map((file) => `# ${file.replace(/\.txt$/, '')}\n${fs.readFileSync(path.join(below, file), 'utf8')}`).join('\n')
}

const batch = async (names: ReadonlyArray<string>): Promise<void> => {
  const options = hasVariables(names[0]!) ? { varFile: [fileIn(names[0]!, 'vars.hcl')] } : {}
  const output = names.length === 1 ? path.join(dir, fileIn(names[0]!, 'job.nomad.hcl')) : dir
  fs.mkdirSync(path.join(dir, ROOT, names[0]!), { recursive: true })
  const made = await migrateCommand(names.map((name) => fileIn(name, 'job.nomad.hcl')), { ...options, output })
  const migrated = (name: string): string => fs.readFileSync(path.join(dir, fileIn(name, 'job.nomad.hcl')), 'utf8')
  if (UPDATE) names.forEach((name) => { fs.writeFileSync(fileIn(name, 'migrated.nomad.hcl'), migrated(name)) })
  const files = names.map((name) => fileIn(name, 'migrated.nomad.hcl'))
  const checked = await checkCommand(files, options)
  const planned = await planCommand(files, { ...options, output: path.join(dir, 'plans') })
  for (const name of names) {
    const file = fileIn(name, 'migrated.nomad.hcl')
    told.set(name, {
      migrated: migrated(name),
      report: reportOf(made, names, fileIn(name, 'job.nomad.hcl')),
      check: ofFile(checked.stdout + checked.stderr, file),
      plan: planOf(name) + ofFile(planned.stderr, file).split('\n').filter((line) => line.includes('refused')).join('\n')
    })
  }
}

beforeAll(async () => {
  process.chdir(HOME)
  process.env['CONTAINERD_DRIVER_JOBSPEC'] = path.join(HOME, 'dist/jobspec.wasm')
  for (const names of BATCHES) await batch(names)
}, 300_000)

afterAll(() => {
  process.chdir(here)
  fs.rmSync(dir, { recursive: true })
  if (before === undefined) delete process.env['CONTAINERD_DRIVER_JOBSPEC']
  else process.env['CONTAINERD_DRIVER_JOBSPEC'] = before
})

describe('jobs of the shapes that people write', () => {
  it('are forty and more', () => { expect(NAMES.length).toBeGreaterThanOrEqual(40) })

  it.each(NAMES)('%s migrates, is checked and planned as is stored beside it', (name) => {
    const { migrated, report, check, plan } = told.get(name)!
    const goldens = { 'migrated.nomad.hcl': migrated, 'report.txt': report, 'check.txt': check, 'plan.txt': plan }
    for (const [file, text] of Object.entries(goldens)) {
      if (UPDATE) fs.writeFileSync(fileIn(name, file), text)
      expect({ file, text }).toEqual({ file, text: fs.readFileSync(fileIn(name, file), 'utf8') })
    }
  })
})

describe('a report', () => {
  it.each(NAMES)('of %s tells each option once, and says that nothing differs only where no word follows', (name) => {
    const { report } = told.get(name)!
    for (const part of report.split(/^(?=\S)/m)) {
      const options = part.split('\n').filter((line) => /^ {2}(?!equal)/.test(line)).map((line) => /^ {2}\S+ +([^:]+):/.exec(line)![1])
      expect(options).toEqual([...new Set(options)])
    }
    expect(report).not.toContain('nothing differs')
    expect(/ (?:differs|missing) /.test(report)).toBe(/ to look at\.$/m.test(report))
  })
})
