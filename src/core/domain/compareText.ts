/** The order of texts by their code units, the same everywhere: negative, zero or positive, as sort wants it. */
export const compareText = (a: string, b: string): number => {
  if (a === b) return 0
  return a < b ? -1 : 1
}
