import { fields } from '../decode/TaskConfig'
import { aroundTask } from './aroundTask'
import { editJson } from './editJson'
import { findingOf } from './Finding'
import { Item, Items } from './Item'
import { itemsOfJson, recordsOf } from './itemsOfJson'
import { Made, outcomeOf } from './outcomeOf'
import { Around } from './rows/Around'
import { Edit, Option, Rename, Replace } from './rows/Edit'
import { rowIn, Scope } from './rows/Row'
import { rowsOf } from './rows/rows'
import { Missing } from './rows/Verdict'
import { shallow } from './verdictOf'

/**
 * What becomes of the `config` of a docker or podman task: the changes that make it one of this driver, and what is
 * told of every option.
 */
export const migrateConfig = (items: Items, around: Around): Made => {
  const config = shallow(items)
  const scope: Scope = { config, beside: config, around, names: new Set(items.map(({ name }) => name)) }
  const rows = rowsOf(around.driver)
  const outcomes = items.map((item) => outcomeOf(rowIn(rows, item.name), item, scope, { path: '', fields }))
  const merged = around.driver === 'docker' ? inOne(items, around) : { edits: [], findings: [] }
  return {
    edits: withoutInner(outcomes.flatMap(({ edits }) => edits), merged.edits),
    findings: [...outcomes.flatMap(({ findings }) => findings), ...merged.findings, ...aroundTask(config, around)]
  }
}

const ONE_OPTION = 'docker: `mounts` and `mount` are one option here'

/** `mount` and `mounts` are one option here. Where a job has both, all that they list becomes blocks of `mount`. */
const inOne = (items: Items, around: Around): Made => {
  const both = items.filter(({ name }) => name === 'mount' || name === 'mounts')
  const later = both.filter(({ name }) => name === 'mounts')
  if (later.length === 0 || later.length === both.length) return { edits: [], findings: [] }
  if (both.every(isBlocks)) return { edits: both.flatMap((item) => asBlocks(item, around)), findings: [] }
  return {
    edits: later.map(({ at }) => Replace(at, [], ONE_OPTION)),
    findings: [findingOf('mounts', Missing('it means the same as `mount`, which is set too: add it there'))]
  }
}

/** Whether an item is a block, or an attribute that can be written as blocks. */
const isBlocks = ({ form, value }: Item): boolean =>
  form === 'block'
  || (value._tag === 'Literal'
    && recordsOf(value.value).length === (Array.isArray(value.value) ? value.value.length : 1))

const asBlocks = ({ at, name, form, value }: Item, around: Around): ReadonlyArray<Edit> => {
  if (form === 'block') return name === 'mount' ? [] : [Rename(at, 'mount')]
  const mounts = value._tag === 'Literal' ? recordsOf(value.value) : []
  return [Replace(at, mounts.flatMap((one) => blockOf(one, around)), mounts.length === 0 ? '' : ONE_OPTION)]
}

/** A mount as `migrate` leaves it; none when it is taken out. */
const blockOf = (mount: Readonly<Record<string, unknown>>, around: Around): ReadonlyArray<Option> => {
  const alone = { mount: [mount] }
  const { mount: list } = editJson(alone, migrateConfig(itemsOfJson(alone, ''), around).edits, '')
  return Array.isArray(list) ? list.map((value: unknown) => ({ name: 'mount', value, block: true as const })) : []
}

/** What replaces a whole item leaves no place for other changes of it, or inside it. */
const withoutInner = (edits: ReadonlyArray<Edit>, merging: ReadonlyArray<Edit>): ReadonlyArray<Edit> => {
  const [gone, merged] = [replacedBy(edits), replacedBy(merging)]
  return [
    ...edits.filter((edit) => edit.op === 'SetDriver' || !merged.some((at) => edit.at === at || isInside(edit.at, at))),
    ...merging.filter((edit) => edit.op !== 'Rename' || !gone.includes(edit.at))
  ]
}

const replacedBy = (edits: ReadonlyArray<Edit>): ReadonlyArray<string> =>
  edits.flatMap((edit) => (edit.op === 'Replace' ? [edit.at] : []))

const isInside = (at: string, outer: string): boolean => at.startsWith(`${outer}.`)
