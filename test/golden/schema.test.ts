import * as fs from 'node:fs'
import * as path from 'node:path'

import { Spec } from '../../src/core/domain/Oci'
import { UNLIMITED } from '../../src/core/domain/rlimits'
import { fieldsAreKnown } from '../laws/knownFields'
import { cgroupRules, runcRules } from '../laws/runc'
import { isValidByTheSchema } from '../laws/schema'

const ROOT = path.join(__dirname, '../../fixtures/specs')

const json = (dir: string, name: string): unknown => JSON.parse(fs.readFileSync(path.join(ROOT, dir, name), 'utf8'))

const specOf = (dir: string): Spec => json(dir, 'spec.json') as Spec

/** JSON.parse rounds 2^64-1, which is no limit; the file has it whole, as the compiler had it. */
const whole = (spec: Spec): Spec => {
  const limit = (value: number | bigint): number | bigint => (Number(value) === Number(UNLIMITED) ? UNLIMITED : value)
  const rlimits = spec.process.rlimits.map(({ type, soft, hard }) => ({ type, soft: limit(soft), hard: limit(hard) }))
  return { ...spec, process: { ...spec.process, rlimits } }
}

const cgroupsOf = (dir: string): 'v1' | 'v2' =>
  (json(dir, 'facts.json') as { readonly host?: { readonly cgroups?: string } }).host?.cgroups === 'v1' ? 'v1' : 'v2'

describe('every stored spec is one that a runtime takes', () => {
  const all = fs.readdirSync(ROOT).filter((dir) => fs.existsSync(path.join(ROOT, dir, 'spec.json')))
  const cases = all.filter((dir) => !dir.startsWith('unknown-'))

  it.each(all.filter((dir) => dir.startsWith('unknown-')))('%s has a name where something is not known, and is no spec for a runtime', (dir) => {
    expect(JSON.stringify(specOf(dir))).toMatch(/"\$\{(?:host|image)\.[^}]+\}"/)
    expect(isValidByTheSchema(specOf(dir))).not.toEqual([])
  })

  it('finds the stored specs', () => {
    expect(cases.length).toBeGreaterThanOrEqual(15)
  })

  it.each(cases)('%s is valid by the schema', (dir) => {
    expect(isValidByTheSchema(specOf(dir))).toEqual([])
  })

  it.each(cases)('%s has known fields only', (dir) => {
    expect(fieldsAreKnown(specOf(dir))).toEqual([])
  })

  it.each(cases)('%s keeps the rules of runc', (dir) => {
    const broken = runcRules.map(([name, rule]) => [name, rule(whole(specOf(dir)))] as const)
    expect(broken.filter(([, breaches]) => breaches.length > 0)).toEqual([])
  })

  it.each(cases)('%s keeps the rules of its cgroup version', (dir) => {
    const broken = cgroupRules.map(([name, rule]) => [name, rule(specOf(dir), cgroupsOf(dir))] as const)
    expect(broken.filter(([, breaches]) => breaches.length > 0)).toEqual([])
  })
})
