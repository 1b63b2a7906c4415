import { compact } from '../domain/canonical'
import { isEqual, isJsonList, isJsonRecord, Json, JsonRecord } from '../domain/Json'

/** One rule for one system call: a rule of a spec names many. */
export interface FilterEntry {
  readonly name: string
  readonly text: string
  readonly rule: JsonRecord
}

type Entries = ReadonlyMap<string, FilterEntry>

/**
 * The rules of a filter, one for each system call that they name; the same rule twice counts once. What is no rule has
 * an empty name.
 */
export const filterEntries = (syscalls: Json | undefined): Entries =>
  new Map(rulesOf(syscalls).flatMap(entriesOf).map((entry) => [entry.text, entry]))

/** The rules of two filters, without those of calls of which both say the same, rule by rule. */
export const differingEntries = (before: Json | undefined, after: Json | undefined): readonly [Entries, Entries] => {
  const [a, b] = [rulesOf(before), rulesOf(after)]
  const differing = new Set([...otherThan(a, b), ...otherThan(b, a)].flatMap(namesOf))
  const concerned = (rules: ReadonlyArray<Json>): ReadonlyArray<Json> =>
    rules.filter((rule) => namesOf(rule).some((name) => differing.has(name)))
  return [filterEntries(concerned(a)), filterEntries(concerned(b))]
}

const rulesOf = (syscalls: Json | undefined): ReadonlyArray<Json> => (isJsonList(syscalls) ? syscalls : [])

const otherThan = (rules: ReadonlyArray<Json>, others: ReadonlyArray<Json>): ReadonlyArray<Json> =>
  rules.filter((rule, index) => !isEqual(rule, others[index]))

/** The calls that a rule names; an empty name for what is no rule. */
export const namesOf = (rule: Json): ReadonlyArray<string> =>
  isJsonRecord(rule) && isJsonList(rule['names'])
    ? rule['names'].map((name) => (typeof name === 'string' ? name : ''))
    : ['']

const entriesOf = (rule: Json): ReadonlyArray<FilterEntry> => {
  if (!isJsonRecord(rule) || !isJsonList(rule['names']))
    return [{ name: '', text: compact(rule), rule: { name: '', rule } }]
  const { names: _names, ...rest } = rule
  const said = compact(rest)
  return [...new Set(namesOf(rule))].map((name) => entry(name, said, rest))
}

const entry = (name: string, said: string, rest: JsonRecord): FilterEntry => ({
  name,
  text: `${name} ${said}`,
  rule: { ...rest, name }
})
