import { compact } from '../domain/canonical'
import { isJsonList, isJsonRecord, Json, JsonRecord } from '../domain/Json'

/** One rule for one system call: a rule of a spec names many. */
export interface FilterEntry {
  readonly name: string
  readonly text: string
  readonly rule: JsonRecord
}

/** The rules of a filter, one for each system call that they name; the same rule twice counts once. */
export const filterEntries = (syscalls: Json | undefined): ReadonlyMap<string, FilterEntry> =>
  new Map((isJsonList(syscalls) ? syscalls : []).flatMap(entriesOf).map((entry) => [entry.text, entry]))

const entriesOf = (rule: Json): ReadonlyArray<FilterEntry> => {
  if (!isJsonRecord(rule)) return []
  const { names, ...rest } = rule
  return isJsonList(names) ? [...new Set(names)].map((name) => entry(typeof name === 'string' ? name : compact(name), rest)) : []
}

const entry = (name: string, rest: JsonRecord): FilterEntry => ({ name, text: `${name} ${compact(rest)}`, rule: { name, ...rest } })
