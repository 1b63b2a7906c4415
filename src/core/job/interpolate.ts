import { DocumentPath, under } from '../domain/DocumentPath'
import { Notice } from '../domain/Notice'
import { Reference } from '../domain/Unknown'

/** A text with its references expanded, and the references that nobody offline can know. */
export interface Expanded<A> {
  readonly value: A
  readonly unknown: ReadonlyArray<string>
}

const REFERENCE = /\$?\$\{([^}]*)\}/g

/**
 * Expands `${NOMAD_…}`, `${env["NAME"]}` and `${env.NAME}` as the Nomad client does; `$${` is a literal `${`. What is
 * not in `env` stays as it is written.
 */
export const expandText = (text: string, env: Readonly<Record<string, string>>): Expanded<string> => {
  const replaced = text.replace(REFERENCE, (whole: string, inner: string) =>
    whole.startsWith('$$') ? whole.slice(1) : (lookUp(inner, env) ?? whole)
  )
  const unknown = [...text.matchAll(REFERENCE)]
    .filter(([whole, inner]) => !whole.startsWith('$$') && lookUp(inner ?? '', env) === undefined)
    .map(([whole]) => whole)
  return { value: replaced, unknown }
}

const nameOf = (inner: string): string | undefined => {
  const name = /^\s*(?:env\["([^"]+)"\]|env\.([A-Za-z0-9_]+)|([A-Za-z0-9_]+))\s*$/.exec(inner)
  return name?.[1] ?? name?.[2] ?? name?.[3]
}

const lookUp = (inner: string, env: Readonly<Record<string, string>>): string | undefined => {
  const key = nameOf(inner)
  return key !== undefined && Object.hasOwn(env, key) ? env[key] : undefined
}

/** The names of all references in a document, known or not. */
export const namesIn = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === 'string')
    return [...value.matchAll(REFERENCE)].flatMap(([whole, inner = '']) =>
      whole.startsWith('$$') ? [] : (nameOf(inner) ?? [])
    )
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(namesIn) : []
}

/** Expands every text of a document, at any depth, and says at which paths what is not known stands; keys stay. */
export const expand = (
  value: unknown, env: Readonly<Record<string, string>>, at: DocumentPath
): { readonly value: unknown; readonly unknown: ReadonlyArray<Reference> } => {
  if (typeof value === 'string') {
    const text = expandText(value, env)
    return { value: text.value, unknown: [...new Set(text.unknown)].map((name) => ({ at, name })) }
  }
  const isList = Array.isArray(value)
  if (typeof value !== 'object' || value === null) return { value, unknown: [] }
  const entries = Object.entries(value).map(([key, item]: readonly [string, unknown]) => ({
    key, item: expand(item, env, under(at, isList ? Number(key) : key))
  }))
  return {
    value: isList
      ? entries.map(({ item }) => item.value)
      : Object.fromEntries(entries.map(({ key, item }) => [key, item.value])),
    unknown: entries.flatMap(({ item }) => item.unknown)
  }
}

/** A notice for each reference that stayed as it was written, at the first place where it stands. */
export const unknownNotices = (unknown: ReadonlyArray<Reference>): ReadonlyArray<Notice> =>
  [...new Map(unknown.toReversed().map((one) => [one.name, one])).values()].toReversed().map(({ at, name }) =>
    Notice(at, `${name} is known only on a Nomad client; it stays as written`)
  )
