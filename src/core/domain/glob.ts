/** Whether a text is what a pattern says: `*` stands for any letters, all else for itself. */
export const matches = (pattern: string, text: string): boolean => {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.at(-1)
  if (last === undefined) return pattern === text
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  const end = rest.slice(0, -1).reduce((from, part) => (from < 0 ? from : after(text, part, from)), first.length)
  return end >= 0 && end <= text.length - last.length
}

const after = (text: string, part: string, from: number): number => {
  const at = text.indexOf(part, from)
  return at < 0 ? -1 : at + part.length
}

export const matchesAny = (patterns: ReadonlyArray<string>, text: string): boolean =>
  patterns.some((pattern) => matches(pattern, text))
