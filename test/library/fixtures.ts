import * as fs from 'node:fs'
import * as path from 'node:path'

const ROOT = path.join(__dirname, '../../fixtures/specs')

/** A directory of fixtures/specs as the library is given it, and the texts that stand beside. */
export interface Fixture {
  readonly name: string
  readonly documents: { readonly task: unknown; readonly plugin: unknown; readonly allocation: unknown }
  readonly facts: object
  /** Undefined where the case is refused. */
  readonly spec: string | undefined
  readonly plan: string | undefined
  readonly issues: string | undefined
}

const text = (name: string, file: string): string | undefined => {
  const place = path.join(ROOT, name, file)
  return fs.existsSync(place) ? fs.readFileSync(place, 'utf8') : undefined
}

const json = (name: string, file: string): object => JSON.parse(text(name, file) ?? '{}')

/** Every fixture, read anew. */
export const fixtures = (): ReadonlyArray<Fixture> =>
  fs.readdirSync(ROOT).map((name) => ({
    name,
    documents: { task: json(name, 'task.json'), plugin: json(name, 'plugin.json'), allocation: json(name, 'allocation.json') },
    facts: json(name, 'facts.json'),
    spec: text(name, 'spec.json'),
    plan: text(name, 'plan.txt'),
    issues: text(name, 'issues.txt')
  }))
