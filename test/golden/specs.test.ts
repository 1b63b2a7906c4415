import * as fs from 'node:fs'
import * as path from 'node:path'

import * as E from 'fp-ts/Either'

import { compileCommand, planCommand } from '../../src/cli/commands'

const ROOT = path.join(__dirname, '../../fixtures/specs')
const UPDATE = process.env['UPDATE_GOLDEN'] === '1'

/** What a case says now: its spec and plan, or its issues. */
const outcomeOf = async (dir: string): Promise<Readonly<Record<string, string>>> => {
  const [spec, plan] = [await compileCommand(dir, {}), await planCommand(dir, {})]
  expect(plan.exitCode).toBe(spec.exitCode)
  return spec.exitCode === 0 ? { 'spec.json': spec.stdout, 'plan.txt': plan.stdout } : { 'issues.txt': spec.stderr }
}

const RESULTS = ['spec.json', 'plan.txt', 'issues.txt']

const write = (dir: string, outcome: Readonly<Record<string, string>>): void => {
  for (const name of RESULTS) {
    const text = outcome[name]
    if (text === undefined) fs.rmSync(path.join(dir, name), { force: true })
    else fs.writeFileSync(path.join(dir, name), text)
  }
}

const stored = (dir: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    RESULTS.filter((name) => fs.existsSync(path.join(dir, name))).map((name) => [name, fs.readFileSync(path.join(dir, name), 'utf8')])
  )

describe('every fixture compiles to what is stored beside it', () => {
  const cases = fs.readdirSync(ROOT)

  it('has at least fifteen cases, three of them refusals', () => {
    expect(cases.length).toBeGreaterThanOrEqual(15)
    expect(cases.filter((name) => name.startsWith('refused-')).length).toBeGreaterThanOrEqual(3)
  })

  it.each(cases)('%s', async (name) => {
    const dir = path.join(ROOT, name)
    const outcome = await outcomeOf(dir)
    if (UPDATE) write(dir, outcome)
    expect(outcome).toEqual(stored(dir))
    expect('issues.txt' in outcome).toBe(name.startsWith('refused-'))
    expect(E.isRight(E.tryCatch(() => outcome['spec.json'] === undefined ? null : JSON.parse(outcome['spec.json']) as unknown, String))).toBe(true)
  })
})
