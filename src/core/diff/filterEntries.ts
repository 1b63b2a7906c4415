import { compact } from '../domain/canonical'
import { isJsonList, isJsonRecord, Json, JsonRecord } from '../domain/Json'

/** One rule for one system call: a rule of a spec names many. */
export interface FilterEntry {
  readonly name: string
  readonly text: string
  readonly rule: JsonRecord
}

/** The rules of a filter, one for each system call that they name; the same rule twice counts once. What is no rule has an empty name. */
export const filterEntries = (syscalls: Json | undefined): ReadonlyMap<string, FilterEntry> =>
  new Map((isJsonList(syscalls) ? syscalls : []).flatMap(entriesOf).map((entry) => [entry.text, entry]))

const entriesOf = (rule: Json): ReadonlyArray<FilterEntry> => {
  if (!isJsonRecord(rule) || !isJsonList(rule['names'])) return [{ name: '', text: compact(rule), rule: { name: '', rule } }]
  const { names, ...rest } = rule
  const said = compact(rest)
  return [...new Set(names)].map((name) => entry(typeof name === 'string' ? name : '', said, rest))
}

const entry = (name: string, said: string, rest: JsonRecord): FilterEntry => ({ name, text: `${name} ${said}`, rule: { ...rest, name } })
