import { Document } from '../../src/testing/ofFields'

/** Reads documents as they came: null and nothing at all are the same, and nothing is decided. */
export const said = (document: Document, ...path: ReadonlyArray<string>): Said =>
  (path.reduce<unknown>((value, name) => (typeof value === 'object' && value !== null ? (value as Document)[name] : undefined), document) ?? undefined)

type Said = string | number | bigint | boolean | object | undefined

export const text = (document: Document, ...path: ReadonlyArray<string>): string | undefined => {
  const value = said(document, ...path)
  return value === undefined || typeof value === 'object' ? undefined : String(value)
}

export const flag = (document: Document, name: string): boolean | undefined => said(document, name) as boolean | undefined

/** Numbers come as numbers, as bigints, and as texts where a message of Nomad's has 64 bits. */
export const number = (document: Document, ...path: ReadonlyArray<string>): number | undefined => {
  const value = said(document, ...path)
  return value === undefined ? undefined : Number(value)
}

export const list = (document: Document, ...path: ReadonlyArray<string>): ReadonlyArray<string> | undefined =>
  said(document, ...path) as ReadonlyArray<string> | undefined

export const blocks = (document: Document, ...path: ReadonlyArray<string>): ReadonlyArray<Document> =>
  (said(document, ...path) ?? []) as ReadonlyArray<Document>

/** A map, which HCL also gives as a list of maps. */
export const map = (document: Document, name: string): Readonly<Record<string, string>> => {
  const value = said(document, name) ?? {}
  return Object.fromEntries((Array.isArray(value) ? value : [value]).flatMap((one: Readonly<Record<string, string>>) => Object.entries(one)))
}
