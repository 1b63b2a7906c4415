import { identity } from 'fp-ts/function'

import { Fields } from '../field/Field'
import { findingOf, Outcome } from './Finding'
import { Evaluated, Item, Items } from './Item'
import { recordsOf } from './itemsOfJson'
import { fieldOf, fieldsOf } from './refusalOf'
import { Edit, Insert, Rename, Replace } from './rows/Edit'
import { missing, Row, rowIn, Scope } from './rows/Row'
import { Verdict } from './rows/Verdict'
import { shallow, verdictOf } from './verdictOf'

/**
 * Where an item stands: the path of the blocks around it, and the Fields that its names are of; none in a map, whose
 * names are free.
 */
export interface Where {
  readonly path: string
  readonly fields: Fields | undefined
}

export type Made = Outcome<Edit>

const stranger = (driver: string): Row => missing(`it is no option of the ${driver} driver`)

/** What becomes of one item of a task's `config`, and of all inside it. */
export const outcomeOf = (row: Row | undefined, given: Item, scope: Scope, where: Where): Made => {
  const known: Row = row ?? stranger(scope.around.driver)
  const item = withInner(known, given)
  if (item.value._tag !== 'Unknown' && item.value.value === null) return { edits: [], findings: [] }
  const verdict = verdictOf(known, item, scope, where.fields)
  return isWhole(known, verdict, item)
    ? made(verdict, item, where, scope)
    : joined(made(verdict, item, where, scope), inside(known, item, scope, where))
}

/** What an expression made has no place of its own for what is inside: it is looked at all the same. */
const withInner = (row: Row, item: Item): Item =>
  item.value._tag !== 'Unknown' && item.inner.length === 0 && (row.rows !== undefined || row.each !== undefined)
    ? { ...item, inner: recordsOf(item.value.value).map(evaluated) }
    : item

const NOWHERE = ''

const evaluated = (record: Readonly<Record<string, unknown>>): Items =>
  Object.entries(record).map(([name, value]) => ({
    at: NOWHERE,
    name,
    form: 'attribute',
    value: Evaluated(value),
    inner: []
  }))

/** What would have to be written anew inside an expression, a person writes. */
const byPerson = ({ findings }: Made): Made => ({
  edits: [],
  findings: findings.map((one) =>
    one.tag === 'Renamed' || one.tag === 'Converted'
      ? { ...one, tag: 'Differs', text: `${one.text}; its value comes from an expression: write it yourself` }
      : one
  )
})

const joined = (outer: Made, inner: Made): Made => ({
  edits: [...outer.edits, ...inner.edits],
  findings:
    inner.findings.length === 0 || outer.findings.some(({ tag }) => tag !== 'Equal')
      ? [...outer.findings, ...inner.findings]
      : inner.findings
})

/** Whether nothing inside an item is looked at: it is taken out or written anew, or holds nothing that has rows. */
const isWhole = (row: Row, verdict: Verdict, { inner }: Item): boolean =>
  inner.length === 0 || (row.rows === undefined && row.each === undefined) || verdict._tag === 'Missing' ||
  (verdict._tag === 'Converted' && !verdict.beside) || (verdict._tag === 'Differs' && verdict.with !== undefined)

const made = (verdict: Verdict, item: Item, { path }: Where, { around }: Scope): Made => {
  const option = `${path}${item.name}`
  return { edits: editsOf(verdict, item, `${around.driver}: \`${option}\``), findings: [findingOf(option, verdict)] }
}

const editsOf = (verdict: Verdict, { at }: Item, was: string): ReadonlyArray<Edit> => {
  switch (verdict._tag) {
    case 'Equal':
      return []
    case 'Renamed':
      return [Rename(at, verdict.to)]
    case 'Converted':
      return [verdict.beside ? Insert(at, verdict.with) : Replace(at, verdict.with, '')]
    case 'Differs':
      return verdict.with === undefined
        ? []
        : [Replace(at, verdict.with, `${was} is rewritten: ${oneLine(verdict.how)}`)]
    case 'Missing':
      return [Replace(at, [], `${was} is left out: ${oneLine(verdict.why)}`)]
  }
}

/** A comment is one line, whatever the values in it hold. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ')

/** The items of every block or object inside an item. */
const inside = (row: Row, item: Item, scope: Scope, where: Where): Made => {
  const fields =
    row.each === undefined && where.fields !== undefined ? fieldsOf(fieldOf(where.fields, item.name)) : undefined
  const there = { path: `${where.path}${item.name}.`, fields }
  const outcomes = item.inner.flatMap((items) =>
    items.map((one) =>
      (one.at === NOWHERE ? byPerson : identity)(
        outcomeOf(
          row.each?.(one.name) ?? (row.rows === undefined ? undefined : rowIn(row.rows, one.name)),
          one,
          { ...scope, beside: shallow(items) },
          there
        )
      )
    )
  )
  return { edits: outcomes.flatMap(({ edits }) => edits), findings: outcomes.flatMap(({ findings }) => findings) }
}
