import { isRecord } from '../domain/isRecord'
import { Items, Literal } from './Item'

/**
 * The `config` of a JSON job as items. Their addresses are made of the task's, and of the order in which they stand.
 */
export const itemsOfJson = (config: Readonly<Record<string, unknown>>, task: string): Items =>
  itemsIn(config, task, 'attribute')

const itemsIn = (config: Readonly<Record<string, unknown>>, at: string, form: 'attribute' | 'entry'): Items =>
  Object.entries(config).map(([name, value], index) => {
    const own = addressIn(at, index)
    return {
      at: own,
      name,
      form,
      value: Literal(value),
      inner: recordsOf(value).map((one, place) => itemsIn(one, addressIn(own, place), 'entry'))
    }
  })

/** The address of what stands at a place inside another. */
export const addressIn = (at: string, place: number): string => `${at}.${String(place)}`

/** The objects of a value: itself, or those of a list that holds nothing else. */
export const recordsOf = (value: unknown): ReadonlyArray<Readonly<Record<string, unknown>>> => {
  if (isRecord(value)) return [value]
  return Array.isArray(value) && value.every(isRecord) ? value : []
}
