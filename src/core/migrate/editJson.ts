import { addressIn, recordsOf } from './itemsOfJson'
import { Edit, Option } from './rows/Edit'

type Config = Readonly<Record<string, unknown>>
type Entry = readonly [string, unknown]

/**
 * Applies edits to the `config` of a task of a JSON job; `task` is its address. JSON has no comments: what was taken
 * out stands in the report only.
 */
export const editJson = (config: Config, edits: ReadonlyArray<Edit>, task: string): Config =>
  fromEntries(edited(config, edits, task))

/** A name that stands twice holds both lists. */
const fromEntries = (entries: ReadonlyArray<Entry>): Config =>
  entries.reduce<Config>((made, [name, value]) => {
    const before = Object.hasOwn(made, name) ? made[name] : undefined
    return { ...made, [name]: before === undefined ? value : [...listOf(before), ...listOf(value)] }
  }, {})

const listOf = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [value])

const edited = (config: Config, edits: ReadonlyArray<Edit>, at: string): ReadonlyArray<Entry> =>
  Object.entries(config).flatMap(([name, value], index) => entriesOf(name, value, edits, addressIn(at, index)))

const entriesOf = (name: string, value: unknown, edits: ReadonlyArray<Edit>, at: string): ReadonlyArray<Entry> => {
  const own = edits.filter((edit) => edit.op !== 'SetDriver' && edit.at === at)
  const replaced = own.find((edit) => edit.op === 'Replace')
  if (replaced?.op === 'Replace') return replaced.with.map(entryOf)
  const renamed = own.find((edit) => edit.op === 'Rename')
  return [
    [renamed?.op === 'Rename' ? renamed.to : name, inside(value, edits, at)],
    ...own.flatMap((edit) => (edit.op === 'Insert' ? edit.with.map(entryOf) : []))
  ]
}

const entryOf = ({ name, value, block }: Option): Entry => [name, block === true ? [value] : value]

const inside = (value: unknown, edits: ReadonlyArray<Edit>, at: string): unknown => {
  const records = recordsOf(value).map((one, place) => fromEntries(edited(one, edits, addressIn(at, place))))
  if (records.length === 0) return value
  return Array.isArray(value) ? records : records[0]
}
