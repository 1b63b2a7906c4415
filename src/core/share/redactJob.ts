import { compact } from '../domain/canonical'
import { matchesAny } from '../domain/glob'
import { isJsonList, isJsonRecord, Json, member } from '../domain/Json'
import { SECRET_NAME } from '../domain/secretName'

/** Maps and texts of a job whose values may be secrets. */
const HELD: ReadonlySet<string> = new Set([
  'env', 'environment', 'headers', 'header', 'options', 'meta', 'canary_meta', 'body'
])

/** How a value is hidden: what the other side has says whether it is another one. */
type Hide = (value: string, other: string | undefined) => string

/**
 * What a job says beside its containers, without the values that may be secrets: those of environments, headers,
 * options of what is fetched, and what has the name of a secret.
 */
export const redactJob = (job: Json, other: Json | undefined, shown: ReadonlyArray<string>, hide: Hide): Json => {
  const walk = (value: Json, theirs: Json | undefined, isHeld: boolean): Json => {
    if (isJsonList(value)) return value.map((item, index) => walk(item, itemLike(theirs, item, index), isHeld))
    if (isJsonRecord(value))
      return Object.fromEntries(
        Object.entries(value).map(([name, item]) => [
          name,
          walk(item, member(theirs, name), isHidden(name, isHeld, item))
        ])
      )
    return isHeld && value !== null ? hide(plain(value), theirs === undefined ? undefined : plain(theirs)) : value
  }
  // A switch called `env` is no environment.
  const isHidden = (name: string, isHeld: boolean, item: Json): boolean =>
    typeof item !== 'boolean'
    && !matchesAny(shown, name)
    && (isHeld || HELD.has(name) || (SECRET_NAME.test(name) && typeof item === 'string'))
  return walk(job, other, false)
}

const plain = (value: Json): string => (typeof value === 'string' ? value : compact(value))

const NAMES = ['name', 'destination', 'source', 'label']

/** The item of another list that has the same name; items without names are compared in their order. */
const itemLike = (list: Json | undefined, item: Json, index: number): Json | undefined => {
  if (!isJsonList(list)) return undefined
  const name = NAMES.find((one) => member(item, one) !== undefined)
  return name === undefined ? list[index] : list.find((one) => member(one, name) === member(item, name))
}
