/** Text of several lines, each after the name of the file that it is about, unless it has it already. */
export const inFile = (file: string, text: string): string =>
  text.split('\n').filter((line) => line !== '').map((line) => (line.includes(file) ? `${line}\n` : `${file}: ${line}\n`)).join('')
