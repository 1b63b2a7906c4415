import { Row } from './Row'
import { everyRow } from './rows'

const WORDS = { Equal: 'equal', Renamed: 'renamed', Converted: 'converted', Differs: 'differs', Missing: 'removed' } as const

/** Markdown table of every option of the docker driver: its name here, what `migrate` does with it, and what differs. */
export const dockerTable = (): string =>
  ['| docker driver | here | `migrate` | what differs |', '| --- | --- | --- | --- |', ...everyRow().map(([name, row]) => line(name, row))].join('\n')

const line = (name: string, { here, says, usual, judge }: Row): string =>
  `| \`${name}\` | ${here.length === 0 ? 'none' : here.map((one) => `\`${one}\``).join(', ')} | ${WORDS[usual]}${judge === undefined ? '' : ', by value'} | ${says.replaceAll('|', '\\|')} |`
