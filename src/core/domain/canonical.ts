/** JSON without white space and with keys in one fixed order (numbers first, then by code units): the bytes that containerd stores. */
export const compact = (value: unknown): string => JSON.stringify(ordered(value))

/** The same document for people: two spaces of indentation and a final newline. */
export const pretty = (value: unknown): string => `${JSON.stringify(ordered(value), null, 2)}\n`

const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  if ('toJSON' in value && typeof value.toJSON === 'function') return value
  const entries = Object.entries(value).map(([key, item]): readonly [string, unknown] => [key, ordered(item)])
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}
