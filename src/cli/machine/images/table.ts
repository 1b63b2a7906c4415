const SHORT = 'sha256:'.length + 12

/** A digest as people compare it. */
export const shortDigest = (digest: string): string => digest.slice(0, SHORT)

const GAP = '  '

/** Rows of cells as lines, each column as wide as its longest cell. */
export const table = (rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = (rows[0] ?? []).map((_cell, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows
    .map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(GAP).trimEnd()}\n`)
    .join('')
}
