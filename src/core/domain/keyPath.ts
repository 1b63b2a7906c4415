const INDEX = /^\d+$/

/** A member of what lies at a path of a document: `a.b`, or `b` at its root. */
export const memberAt = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)

/** An item of the list at a path of a document: `a[0]`. */
export const itemAt = (path: string, index: number | string): string => `${path}[${index}]`

/** The path that some keys make, the numbers among them as items of lists: `a.b[0].c`. */
export const keyPath = (keys: ReadonlyArray<string>): string =>
  keys.reduce((path, key) => (INDEX.test(key) ? itemAt(path, key) : memberAt(path, key)), '')
