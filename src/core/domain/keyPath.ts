// A name may be of digits too; no list has so many items.
const INDEX = /^(?:0|[1-9]\d{0,8})$/

/** A member of what lies at a path of a document: `a.b`, or `b` at its root. */
export const memberAt = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)

/** An item of the list at a path of a document: `a[0]`. */
export const itemAt = (path: string, index: number | string): string => `${path}[${index}]`

/** The steps that some keys make: the numbers among them are items of lists. */
export const stepsOf = (keys: ReadonlyArray<string>): ReadonlyArray<string | number> =>
  keys.map((key) => (INDEX.test(key) ? Number(key) : key))

/** The path that some steps make below another: `a.b[0].c`. */
export const stepsText = (from: string, steps: ReadonlyArray<string | number>): string =>
  steps.reduce<string>((path, step) => (typeof step === 'number' ? itemAt(path, step) : memberAt(path, step)), from)

/** The path that some keys make, the numbers among them as items of lists: `a.b[0].c`. */
export const keyPath = (keys: ReadonlyArray<string>): string => stepsText('', stepsOf(keys))
