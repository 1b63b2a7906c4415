import { Fields } from '../field/Field'
import { Item, Items } from './Item'
import { fieldOf, isEmpty, refusalOf } from './refusalOf'
import { Row, Scope } from './rows/Row'
import { Differs, EQUAL, Missing, Needless, Renamed, Verdict } from './rows/Verdict'

/** Values by name as far as they are known; a name that is given without a known value is there and undefined. */
export const shallow = (items: Items): Readonly<Record<string, unknown>> =>
  Object.fromEntries(items.map((item) => [item.name, valueOf(item)]))

const valueOf = ({ value, inner }: Item): unknown => {
  if (value._tag !== 'Unknown') return value.value
  return inner.length === 0 ? undefined : inner.map(shallow)
}

/** What is to be said of an item. `fields` are those that its name is one of; none in a map, whose names are free. */
export const verdictOf = (row: Row, item: Item, scope: Scope, fields: Fields | undefined): Verdict =>
  checked(row, judged(row, item, scope), item, fields)

const usual = (row: Row, name: string): Verdict => {
  switch (row.usual) {
    case 'Equal':
      return EQUAL
    case 'Renamed':
      return Renamed(row.here[0] ?? name)
    case 'Converted':
    case 'Differs':
      return Differs(row.says)
    case 'Missing':
      return Missing(row.says.charAt(0).toLowerCase() + row.says.slice(1).replace(/\.$/, ''))
  }
}

const judged = (row: Row, item: Item, scope: Scope): Verdict => {
  const value = valueOf(item)
  if (row.judge === undefined)
    return item.value._tag !== 'Unknown' && row.usual === 'Missing' && (value === '' || value === false)
      ? Needless('it says nothing')
      : usual(row, item.name)
  if (value !== undefined) return named(row, item.name, row.judge(value, scope))
  return row.usual === 'Missing'
    ? usual(row, item.name)
    : Differs('its value is known only when the job runs: compare it by hand')
}

/** A judgement that an option stays as it is means its own name here. */
const named = (row: Row, name: string, verdict: Verdict): Verdict =>
  verdict._tag === 'Equal' && row.usual === 'Renamed' ? Renamed(row.here[0] ?? name) : verdict

/** The last word has our own decoder: what it refuses does not stay. */
const checked = (row: Row, verdict: Verdict, item: Item, fields: Fields | undefined): Verdict => {
  const isKnown = fields === undefined || fieldOf(fields, item.name) !== undefined
  if (verdict._tag === 'Missing') return verdict
  if (verdict._tag === 'Converted' || (verdict._tag === 'Differs' && verdict.with !== undefined))
    return byHand(verdict, item, isKnown)
  if (!isKnown) return Missing('it is no option here')
  return fields === undefined || isListed(row, item) ? verdict : ofValue(verdict, item, fields)
}

/** Whether the items inside say all that the item says, each of which is looked at. */
const isListed = (row: Row, { value, inner }: Item): boolean =>
  row.rows !== undefined
  && inner.length > 0
  && (value._tag === 'Unknown' || !Array.isArray(value.value) || value.value.length === inner.length)

const ofValue = (verdict: Verdict, { name, value }: Item, fields: Fields): Verdict => {
  if (value._tag === 'Unknown') return verdict
  const reason = refusalOf(fields, name, value.value)
  const canGo =
    reason !== undefined || (fieldOf(fields, name)?.absent._tag === 'Optional' && !Array.isArray(value.value))
  if (value._tag === 'Literal' && canGo && isEmpty(value.value)) return Needless('it is empty, as when left out')
  if (reason === undefined) return verdict
  return value._tag === 'Literal'
    ? Missing(`it is refused here: ${reason}`)
    : Differs(`its value is refused here: ${reason}`)
}

/** What must be written anew and comes from an expression is left to a person, and taken out when it could not stay. */
const byHand = (
  verdict: Verdict & { readonly _tag: 'Converted' | 'Differs' },
  item: Item,
  isKnown: boolean
): Verdict => {
  const isWritten = item.form !== 'attribute' || item.value._tag === 'Literal'
  if (isWritten || (!isKnown && verdict.with?.length === 0)) return verdict
  const advice = `${verdict.how}; its value comes from an expression: write it yourself`
  return isKnown ? Differs(advice) : Missing(advice)
}
