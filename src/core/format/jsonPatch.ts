import { patchOf } from '../diff/patchOf'
import { Json } from '../domain/Json'
import { occurrences } from '../domain/occurrences'
import { jsonText } from './json'
import { Comparison, Outcome, Side } from './Outcome'

/**
 * For programs that change documents: a JSON patch (RFC 6902) from the first document to the second. Of several
 * comparisons, from and to one object that has each document under its comparison's name. Findings cannot be said.
 */
export const jsonPatch = ({ comparisons }: Outcome): string => {
  const [only, ...others] = comparisons
  if (only === undefined) return jsonText([])
  return jsonText(others.length === 0
    ? patchOf(only.before.document, only.after.document)
    : patchOf(together(comparisons, 'before'), together(comparisons, 'after')))
}

const together = (comparisons: ReadonlyArray<Comparison>, side: 'before' | 'after'): Json => {
  const names = uniqueNames(comparisons.map(({ name }) => name))
  return Object.fromEntries(comparisons.map((comparison, index) => [names[index] ?? '', documentOf(comparison[side])]))
}

const documentOf = ({ document }: Side): Json => document

/** Names told apart: the second `a` is `a (2)`, unless that is a name itself. */
export const uniqueNames = (names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const given = new Set(names)
  const earlier = occurrences(names)
  return names.map((name, index) => (earlier[index] === 0 ? name : free(given, name, (earlier[index] ?? 0) + 1)))
}

const free = (given: ReadonlySet<string>, name: string, number: number): string =>
  given.has(`${name} (${number})`) ? free(given, `${name} `, number) : `${name} (${number})`
