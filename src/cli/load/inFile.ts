import { printable } from '../../core/domain/printable'

/** Text of several lines, each after the name of the file that it is about, unless it has it already. */
export const inFile = (file: string, text: string): string => {
  const name = printable(file)
  return text.split('\n').filter((line) => line !== '').map((line) => (line.includes(name) ? `${line}\n` : `${name}: ${line}\n`)).join('')
}
