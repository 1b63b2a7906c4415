import { DocumentPath } from '../domain/DocumentPath'
import { Notice } from '../domain/Notice'

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

/** Expands every text of a document, at any depth; keys stay as they are. */
export const expand = (value: unknown, env: Readonly<Record<string, string>>): Expanded<unknown> => {
  if (typeof value === 'string') return expandText(value, env)
  if (Array.isArray(value)) {
    const items = value.map((item) => expand(item, env))
    return { value: items.map((item) => item.value), unknown: items.flatMap((item) => item.unknown) }
  }
  if (typeof value !== 'object' || value === null) return { value, unknown: [] }
  const entries = Object.entries(value).map(([key, item]): readonly [string, Expanded<unknown>] => [
    key,
    expand(item, env)
  ])
  return {
    value: Object.fromEntries(entries.map(([key, item]) => [key, item.value])),
    unknown: entries.flatMap(([, item]) => item.unknown)
  }
}

/** A notice for each reference that stayed as it was written. */
export const unknownNotices = (at: DocumentPath, unknown: ReadonlyArray<string>): ReadonlyArray<Notice> =>
  [...new Set(unknown)].map((reference) =>
    Notice(at, `${reference} is known only on a Nomad client; it stays as written`)
  )
