import { named } from './readText'

/** Text of several lines, each after the name of the file that it is about, unless it has it already. */
export const inFile = (file: string, text: string): string => {
  const name = named(file)
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) =>
      line.startsWith(name) && AFTER_NAME.test(line.slice(name.length)) ? `${line}\n` : `${name}: ${line}\n`
    )
    .join('')
}

// A line and column, a revision, a file of the directory, or the message.
const AFTER_NAME = /^[:@/]/
