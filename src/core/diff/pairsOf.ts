import { compact } from '../domain/canonical'
import { isEqual, isJsonList, isJsonRecord, Json } from '../domain/Json'
import { aligned, Pairs } from './alignment'

interface Item {
  readonly name: string | undefined
  readonly value: Json
}

/**
 * Which items of two lists (or members of two records) belong together, both in their order: those of the same name, or
 * equal ones, and between them records by what identifies them.
 */
export const pairsOf = (before: ReadonlyArray<Item>, after: ReadonlyArray<Item>): Pairs => {
  if (before[0]?.name !== undefined) return aligned(before.map(nameOf), after.map(nameOf))
  if (before.length === after.length && before.every((item, index) => isSame(item, after[index])))
    return before.map((_, index) => [index, index])
  const equal = aligned(
    before.map(({ value }) => compact(value)),
    after.map(({ value }) => compact(value))
  )
  return [...equal, [before.length, after.length] as const].flatMap((pair, index): Pairs => {
    const [from, fromAfter] =
      index === 0 ? [0, 0] : ((equal[index - 1] ?? [0, 0]).map((place) => place + 1) as [number, number])
    const between = aligned(before.slice(from, pair[0]).map(identity), after.slice(fromAfter, pair[1]).map(identity))
    return [...between.map(([a, b]) => [a + from, b + fromAfter] as const), ...(pair[0] < before.length ? [pair] : [])]
  })
}

/** Nearly always a list changes in a few of its items, in their places. */
const isSame = (before: Item, after: Item | undefined): boolean =>
  after !== undefined && (isEqual(before.value, after.value) || identity(before) === identity(after))

const nameOf = ({ name }: Item): string => name ?? ''

/** What makes an item of a list the same one when the rest of it changes. */
const IDENTITY: ReadonlyArray<string> = ['destination', 'path', 'type', 'name', 'label', 'names', 'at']

const identity = ({ value }: Item): string => {
  if (isJsonRecord(value)) {
    const key = IDENTITY.find((name) => Object.hasOwn(value, name))
    return key === undefined ? compact(value) : `${key} ${compact(value[key])}`
  }
  if (isJsonList(value) || typeof value !== 'string') return compact(value)
  const end = value.indexOf('=')
  return end < 0 ? value : value.slice(0, end + 1)
}
