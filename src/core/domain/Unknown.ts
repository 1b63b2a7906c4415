import { sha256Hex } from './digest'
import { DocumentPath, pathText } from './DocumentPath'
import { Notice } from './Notice'

/** A text that a job has and only a Nomad client can expand: `${meta.version}`, and the option in which it stands. */
export interface Reference {
  readonly at: DocumentPath
  readonly name: string
}

/**
 * What only a client, a host or an image knows. Until the result is made `token` stands for it: an id, a number of a
 * device, a word. In the result its `name` stands there: `${image.user.nobody.uid}`.
 */
export interface Unknown {
  readonly at: DocumentPath
  readonly name: string
  readonly token: string | number
  /** Who knows it, and how to say it offline. */
  readonly known: string
}

/** A result in which names may stand where it has numbers: nothing that acts takes it for one. */
export type Named<A> =
  A extends number ? A | string
  : A extends string | boolean | bigint | null | undefined ? A
  : A extends (...given: never) => unknown ? A
  : { readonly [K in keyof A]: Named<A[K]> }

const DIGITS = 8

const hexOf = (name: string): string => sha256Hex(name).slice(0, DIGITS)

/** A word that stands for a name, and that nobody writes. */
export const wordFor = (name: string): string => `u${hexOf(name)}x`

// Above every id of a real account and every number of a device, below 2^31.
const FIRST = 2_000_000_000
const COUNT = 100_000_000

/** A number that stands for a name, and that nobody writes. */
export const numberFor = (name: string): number => FIRST + (parseInt(hexOf(name), 16) % COUNT)

/** An address that stands for a name, of a net that nobody uses. */
export const addressFor = (name: string): string => `fd00::${hexOf(name).slice(0, 4)}:${hexOf(name).slice(4)}`

/** What is told of it: by what name it stands in the result. Told once, however often it stands there. */
export const noticesOf = (unknowns: ReadonlyArray<Unknown>): ReadonlyArray<Notice> => {
  const all = new Map(unknowns.toReversed().map((one) => [`${pathText(one.at)} ${one.known}`, one]))
  return [...all.values()].toReversed().map(({ at, name, known }) => Notice(at, `${known}; it stands as ${name}`))
}

/** A value with names where tokens stood. */
export const withNames = (unknowns: ReadonlyArray<Unknown>): (<A>(value: A) => Named<A>) => {
  if (unknowns.length === 0) return <A>(value: A) => value as Named<A>
  const names = new Map(unknowns.map(({ token, name }) => [String(token), name]))
  // The longest first: a path holds the word that it is made of.
  const tokens = [...names.keys()].toSorted((a, b) => b.length - a.length)
  const any = new RegExp(tokens.map((token) => token.replaceAll(/[$/{}.]/g, '\\$&')).join('|'), 'g')
  const inText = (text: string): string => text.replace(any, (token) => names.get(token) ?? token)
  const walked = (value: unknown): unknown => {
    if (typeof value === 'string') return inText(value)
    if (typeof value === 'number') return names.get(String(value)) ?? value
    if (Array.isArray(value)) return value.map(walked)
    if (typeof value !== 'object' || value === null || 'reveal' in value) return value
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [inText(name), walked(item)]))
  }
  return <A>(value: A) => walked(value) as Named<A>
}
