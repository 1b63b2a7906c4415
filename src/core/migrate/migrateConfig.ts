import { fields } from '../decode/TaskConfig'
import { isRecord } from '../domain/isRecord'
import { Around } from './Around'
import { Edit, Option, Rename, Replace } from './Edit'
import { editJson } from './editJson'
import { Finding, findingOf } from './Finding'
import { Item, Items } from './Item'
import { itemsOfJson } from './itemsOfJson'
import { Made, outcomeOf, shallow } from './outcomeOf'
import { Scope } from './Row'
import { rows } from './rows'
import { Differs, Missing } from './Verdict'

/** What becomes of the `config` of a docker task: the changes that make it one of this driver, and what is told of every option. */
export const migrateConfig = (items: Items, around: Around): Made => {
  const config = shallow(items)
  const scope: Scope = { config, beside: config, around, names: formsOf(items) }
  const outcomes = items.map((item) => outcomeOf(rows[item.name], item, scope, { path: '', fields }))
  const merged = items.filter(({ name }) => name === 'mounts').map((item) => intoMount(item, scope))
  return {
    edits: withoutInner(outcomes.flatMap(({ edits }) => edits), merged.flatMap(({ edits }) => edits)),
    findings: [...outcomes.flatMap(({ findings }) => findings), ...merged.flatMap(({ findings }) => findings), ...implied(items, around)]
  }
}

const formsOf = (items: Items): ReadonlyMap<string, ReadonlyArray<Item['form']>> =>
  new Map(items.map(({ name }): readonly [string, ReadonlyArray<Item['form']>] => [name, items.filter((one) => one.name === name).map(({ form }) => form)]))

const NOTHING: Made = { edits: [], findings: [] }

const ONE_OPTION = 'docker: `mounts` and `mount` are one option here'

/** `mount` and `mounts` are one option here. Where a job has both, `mounts` is added to `mount`. */
const intoMount = (item: Item, { names, config, around }: Scope): Made => {
  const forms = names.get('mount')
  if (forms === undefined) return NOTHING
  const isList = item.form === 'attribute'
  if (isList === forms.includes('attribute')) return { edits: [Rename(item.at, 'mount')], findings: [] }
  const list = config['mounts']
  return isList && item.value._tag === 'Literal' && Array.isArray(list)
    ? { edits: [Replace(item.at, list.flatMap((one) => (isRecord(one) ? blockOf(one, around) : [])), ONE_OPTION)], findings: [] }
    : { edits: [Replace(item.at, [], ONE_OPTION)], findings: [findingOf('mounts', Missing('it means the same as `mount`, which is set too: add it there'))] }
}

const blockOf = (mount: Readonly<Record<string, unknown>>, around: Around): ReadonlyArray<Option> => {
  const alone = { mount: [mount] }
  const { mount: list } = editJson(alone, migrateConfig(itemsOfJson(alone, ''), around).edits, '')
  return Array.isArray(list) ? list.map((value: unknown) => ({ name: 'mount', value, block: true as const })) : []
}

/** What replaces a whole item leaves no place for changes inside it. */
const withoutInner = (edits: ReadonlyArray<Edit>, merging: ReadonlyArray<Edit>): ReadonlyArray<Edit> => {
  const whole = merging.flatMap((edit) => (edit.op === 'Replace' ? [edit.at] : []))
  return [...edits.filter((edit) => edit.op === 'SetDriver' || !whole.some((at) => edit.at === at || isInside(edit.at, at))), ...merging]
}

const isInside = (at: string, outer: string): boolean => at.startsWith(`${outer}.`)

/** What dockerd does without being told. */
const implied = (items: Items, { network, hasNvidia, hasScriptChecks }: Around): ReadonlyArray<Finding> => [
  ...(network === '' && !items.some(({ name }) => name === 'network_mode')
    ? [findingOf('network', Differs('without a network of the group the task has a loopback only, where dockerd gives it a bridge with a way out: give the group `network { mode = "bridge" }`'))]
    : []),
  ...(hasNvidia ? [findingOf('resources.device', Differs('the devices are there, and no nvidia runtime adds drivers and libraries: use CDI, `devices = ["nvidia.com/gpu=all"]`'))] : []),
  ...(hasScriptChecks ? [findingOf('check', Differs('checks of type `script` are not there yet: use `http`, `tcp` or `grpc`'))] : [])
]
