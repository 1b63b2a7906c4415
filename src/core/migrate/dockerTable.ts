import { podmanRows } from './rows/podman'
import { Row, Rows } from './rows/Row'
import { rows } from './rows/rows'
import { Tag } from './rows/Verdict'

const WORDS: Readonly<Record<Tag, string>> = {
  Equal: 'equal',
  Renamed: 'renamed',
  Converted: 'converted',
  Differs: 'differs',
  Missing: 'left out'
}

interface Line {
  readonly names: ReadonlyArray<string>
  readonly cells: string
}

/** Markdown table of every option of the docker driver: its name here, what `migrate` does with it, what differs. */
export const dockerTable = (): string => tableOf('docker', rows)

/** The same of the podman driver. */
export const podmanTable = (): string => tableOf('podman', podmanRows)

const tableOf = (driver: string, of: Rows): string =>
  [
    `| ${driver} driver | here | \`migrate\` | what differs |`,
    '| --- | --- | --- | --- |',
    ...grouped(linesOf(of, '')).map(({ names, cells }) => `| ${names.join(', ')} | ${cells} |`)
  ].join('\n')

const code = (name: string): string => `\`${name}\``

/** The rows in order. What stands inside two options (`mount` and `mounts`) is told of the first. */
const linesOf = (of: Rows, prefix: string): ReadonlyArray<Line> =>
  Object.entries(of).flatMap(([name, row], index, all) => [
    { names: [code(`${prefix}${name}`)], cells: cellsOf(row) },
    ...(row.rows === undefined || all.slice(0, index).some(([, before]) => before.rows === row.rows)
      ? []
      : linesOf(row.rows, `${prefix}${name}.`))
  ])

const cellsOf = ({ here, usual, judge, says }: Row): string =>
  `${here.length === 0 ? 'none' : here.map(code).join(', ')} | ${WORDS[usual]}${judge === undefined ? '' : ', by value'} | ${says.replaceAll('|', '\\|')}`

/** Neighbours of which the same is told share a line. */
const grouped = (lines: ReadonlyArray<Line>): ReadonlyArray<Line> =>
  lines.reduce<ReadonlyArray<Line>>((made, line) => {
    const last = made.at(-1)
    return last?.cells === line.cells
      ? [...made.slice(0, -1), { names: [...last.names, ...line.names], cells: line.cells }]
      : [...made, line]
  }, [])
