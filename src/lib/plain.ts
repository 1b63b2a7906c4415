import * as E from 'fp-ts/Either'

import { placeIn } from '../core/domain/DocumentPath'
import { Issue } from '../core/domain/Issue'

// Deeper than any job or spec; the compiler goes down by calling itself.
const DEEPEST = 500

type Read = E.Either<string, unknown>

/**
 * A value that may be walked through to its end. Left says why it may not: it leads back into itself, is nested too
 * deeply, or throws when it is read.
 */
export const plain = (value: unknown): Read => {
  try {
    const wrong = fault(value, new Set(), 0)
    return wrong === undefined ? E.right(value) : E.left(wrong)
  } catch (thrown) {
    return E.left(`throws when it is read: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
}

const fault = (value: unknown, above: ReadonlySet<unknown>, depth: number): string | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  if (above.has(value)) return 'leads back into itself'
  if (depth > DEEPEST) return `is nested more than ${String(DEEPEST)} deep`
  const within = new Set(above).add(value)
  return Object.values(value).reduce<string | undefined>(
    (found, one) => found ?? fault(one, within, depth + 1),
    undefined
  )
}

/** The same with null in the place of a value that has no end. */
export const orNull = (value: unknown): unknown => E.getOrElse((): unknown => null)(plain(value))

/** The members of an object, each of which may be walked through; else an Issue for each that may not. */
export const plainMembers = <A extends object>(
  given: A | undefined | null
): E.Either<ReadonlyArray<Issue>, Partial<A>> => {
  const all = E.tryCatch(
    () => Object.entries(given ?? {}),
    () => [Issue('BadValue', placeIn('documents'), undefined, 'throw when they are read')]
  )
  if (E.isLeft(all)) return all
  const issues = all.right.flatMap(([name, value]) => {
    const read = plain(value)
    return E.isLeft(read) ? [Issue('BadValue', placeIn(name), undefined, read.left)] : []
  })
  return issues.length > 0 ? E.left(issues) : E.right((given ?? {}))
}
