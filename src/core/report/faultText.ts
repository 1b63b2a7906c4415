import type { Fault } from '../domain/Fault'
import { printable } from '../domain/printable'
import { SECRET_NAME } from '../domain/secretName'

const WIDTH = 80
const CUT = '…'

/**
 * A fault as lines for a terminal: `file:line,column: message`, then the line of the text that it is in, cut to `width`
 * cells around the column, and `^` below. The fault's own file goes before `file`; without a line only the message is
 * told.
 */
export const faultText = (
  file: string,
  text: string,
  { file: own = file, line, column = 1, message }: Fault,
  width = WIDTH
): string => {
  if (line === undefined) return `${printable(own === '' ? message : `${own}: ${message}`)}\n`
  const head = `${printable(`${own}:${line},${column}: ${message}`)}\n`
  const source = lineOf(text, line)
  return source === undefined ? head : `${head}${pointed(withoutSecret(source), column, width)}`
}

/** A line in which a name is that of a secret shows no letter of the texts behind it. */
const withoutSecret = (source: string): string => {
  const name = [...source.matchAll(/[A-Za-z_]\w*/g)].find(([word]) => SECRET_NAME.test(word))
  if (name === undefined) return source
  const after = name.index + name[0].length
  const end = source[after] === '"' ? after + 1 : after
  return (
    source.slice(0, end)
    + source
      .slice(end)
      .replace(/"((?:[^"\\]|\\.)*)("|$)/g, (_, inner: string, close: string) => `"${'*'.repeat(inner.length)}${close}`)
  )
}

/** A line of a text without looking at the lines after it; undefined when there are fewer. */
const lineOf = (text: string, line: number): string | undefined => text.split('\n', line)[line - 1]?.replace(/\r$/, '')

const pointed = (source: string, column: number, width: number): string => {
  const letters = Array.from(source)
  const before = cutStart(letters.slice(0, column - 1), Math.floor(width / 2))
  const after = cutEnd(letters.slice(column - 1), width - widthOf(before))
  const shown = `${before}${after}`.trimEnd()
  return shown === '' ? '' : `${shown}\n${' '.repeat(widthOf(before))}^\n`
}

/** A letter as it is shown: a tab is one blank, and what a terminal obeys is spelled out. */
const cell = (letter: string): string => (letter === '\t' ? ' ' : printable(letter))

const cutStart = (letters: ReadonlyArray<string>, width: number): string => {
  const whole = letters.slice(-width).map(cell).join('')
  if (letters.length <= width && widthOf(whole) <= width) return whole
  return `${CUT}${fitting(letters.slice(-width).map(cell).toReversed(), width - 1).toReversed().join('')}`
}

const cutEnd = (letters: ReadonlyArray<string>, width: number): string => {
  const whole = letters.slice(0, width).map(cell).join('')
  if (letters.length <= width && widthOf(whole) <= width) return whole
  return `${fitting(letters.slice(0, width).map(cell), width - 1).join('')}${CUT}`
}

/** The first cells that fit into a width. */
const fitting = (cells: ReadonlyArray<string>, width: number): ReadonlyArray<string> =>
  cells.filter((_, index) => widthOf(cells.slice(0, index + 1).join('')) <= width)

// Letters that take two cells, and marks that take none.
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/gu
const MARKS = /[\p{Mn}\p{Me}\u200d]/gu

const widthOf = (text: string): number => {
  const shown = Array.from(text.replace(MARKS, ''))
  return shown.length + shown.filter((letter) => letter.match(WIDE) !== null).length
}
