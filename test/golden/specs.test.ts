import * as fs from 'node:fs'
import * as path from 'node:path'

import * as E from 'fp-ts/Either'

import { compileCommand } from '../../src/cli/compile/compile'
import { oneTask } from '../../src/cli/load/tasksOf'
import { planCommand } from '../../src/cli/plan/plan'
import { pretty } from '../../src/core/domain/canonical'
import { translateOffline } from '../../src/core/offline'
import * as explain from '../../src/core/report/explain'
import { loginOf } from '../../src/core/resolve/loginOf'
import { pullPolicyOf } from '../../src/core/resolve/pullPolicyOf'
import { fetchOf } from '../../src/core/translate'
import { rightOf } from '../../src/testing/facts'

const ROOT = path.join(__dirname, '../../fixtures/specs')
const UPDATE = process.env['UPDATE_GOLDEN'] === '1'

/** What a case says now: its spec, its plan and all that stands beside the spec, or its issues. */
const outcomeOf = async (dir: string): Promise<Readonly<Record<string, string>>> => {
  const [spec, plan] = [await compileCommand([dir], {}), await planCommand([dir], {})]
  expect(plan.exitCode).toBe(spec.exitCode)
  return spec.exitCode === 0
    ? { 'spec.json': spec.stdout, 'plan.txt': plan.stdout, 'beside.json': await besideOf(dir) }
    : { 'issues.txt': spec.stderr.replaceAll(`${dir}: `, '') }
}

/** What no OCI spec says: record, output, network, files, the stop, what is fetched, and the notices. */
const besideOf = async (dir: string): Promise<string> => {
  const { outcome, notices } = translateOffline(rightOf(await oneTask(dir, {})).offline)
  const { request, compiled: { spec: _spec, ...beside } } = rightOf(outcome)
  const fetch = { ...fetchOf(request), policy: pullPolicyOf(request), login: loginOf(request)?.username ?? null }
  return pretty({ ...beside, fetch, notices: notices.map(explain.notice) })
}

const RESULTS = ['spec.json', 'plan.txt', 'beside.json', 'issues.txt']

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

  it('has at least a hundred and fifty cases, fifty of them refusals', () => {
    expect(cases.length).toBeGreaterThanOrEqual(150)
    expect(cases.filter((name) => name.startsWith('refused-')).length).toBeGreaterThanOrEqual(50)
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
