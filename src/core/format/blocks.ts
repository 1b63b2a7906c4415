/**
 * Text that may be cut between its lines, with what has to stand around them. Each part ends with a newline or is
 * empty.
 */
export interface Block {
  readonly open: string
  readonly lines: ReadonlyArray<string>
  readonly close: string
}

/** The text of blocks. */
export interface Fitted {
  readonly text: string
  readonly isCut: boolean
}

/**
 * As much of the blocks, from the first, as a number of UTF-16 units can hold. A block is opened only when a line of it
 * fits.
 */
export const fitted = (blocks: ReadonlyArray<Block>, units: number): Fitted =>
  blocks.reduce<Fitted>(({ text, isCut }, block) => {
    if (isCut) return { text, isCut }
    const { open, lines, close } = block
    const count = fitting(lines, units - text.length - open.length - close.length)
    return count === 0 && lines.length > 0
      ? { text, isCut: true }
      : { text: `${text}${open}${lines.slice(0, count).join('')}${close}`, isCut: count < lines.length }
  }, { text: '', isCut: false })

/** How many of the lines fit. */
const fitting = (lines: ReadonlyArray<string>, units: number): number => {
  const { count } = lines.reduce((state, line) => {
    const used = state.used + line.length
    return state.isFull || used > units ? { ...state, isFull: true } : { used, isFull: false, count: state.count + 1 }
  }, { used: 0, isFull: units < 0, count: 0 })
  return count
}
