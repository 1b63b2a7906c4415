import { Block, fitted } from './blocks'
import { inert } from './inert'
import { Comparison, Finding, Outcome } from './Outcome'
import { clipped, placeText, subjectOf, verdictOf } from './phrases'
import { isSilent, tally, worstFirst } from './tally'
import { Told, toldOf } from './toldChanges'
import { unifiedText } from './unifiedText'

/** GitHub takes comments below this many characters. */
export const COMMENT_CHARACTERS = 65_536

const CUT =
  '\n**Cut here:** a comment on GitHub holds less than 65,536 characters. The formats `html` and `text` have the rest.\n'

/** For a comment on a pull request: counts, a table of the changes of each task, and the differences folded away. */
export const markdown = (outcome: Outcome): string => {
  if (isSilent(outcome)) return ''
  const head = `### containerd-driver ${outcome.command}: ${tally(outcome) || 'documents differ'}\n`
  const blocks = [
    ...ofFindings(outcome.findings),
    ...outcome.comparisons.map(table),
    ...outcome.comparisons.flatMap(details)
  ]
  const { text, isCut } = fitted(blocks, COMMENT_CHARACTERS - 1 - head.length - CUT.length)
  return `${head}${text}${isCut ? CUT : ''}`
}

const MAX_CELL = 300

/**
 * Text as code: no mention, no reference, no link works in it. Entities stand for everything that Markdown or HTML
 * reads, because they mean the same in a table, where a pipe in backticks does not.
 */
const code = (text: string): string => `<code>${entities(inert(clipped(text, MAX_CELL)))}</code>`

const prose = (text: string): string => (/^[A-Za-z ,;:()'-]*$/.test(text) ? text : code(text))

const entities = (text: string): string =>
  text.replace(/[^\p{L}\p{N} \-./,=+;]|(?<=www)\./giu, (letter) => `&#${letter.codePointAt(0) ?? 0};`) || ' '

const row = (cells: ReadonlyArray<string>): string => `| ${cells.join(' | ')} |\n`

const header = (names: ReadonlyArray<string>): string => row(names) + row(names.map(() => '---'))

const ofFindings = (findings: ReadonlyArray<Finding>): ReadonlyArray<Block> => findings.length === 0 ? [] : [{
  open: `\n${header(['Level', 'Where', 'What'])}`,
  lines: findings.map((finding) => {
    const { level, place, message } = finding
    const where = place?.line === undefined ? subjectOf(finding) : placeText(place)
    return row([level, where === undefined ? '' : code(where), prose(message)])
  }),
  close: ''
}]

const table = (comparison: Comparison): Block => ({
  open: `\n#### ${code(comparison.name)}\n\n${header(['Verdict', 'Subject', 'What', 'Change', 'Why', 'Option'])}`,
  lines: worstFirst(toldOf(comparison)).map(toldRow),
  close: ''
})

const toldRow = (told: Told): string => {
  const { verdict: given, subject, key, what, reason, cause: by, place } = told
  const cause = by === undefined ? '' : code(by)
  const where = place?.line === undefined ? '' : code(placeText({ file: place.file, line: place.line }))
  const verdict = given === 'weakens' ? '**weakens**' : given
  const option = [cause, where].filter((part) => part !== '').join(' ')
  return row([verdict, subject, code(key), code(what), prose(reason), option])
}

const details = (comparison: Comparison): ReadonlyArray<Block> => {
  const lines = unifiedText(comparison)
  const fence = fenceFor(lines)
  if (lines.length === 0) return []
  const summary = `Difference of ${code(comparison.name)} (${verdictOf(comparison)})`
  return [
    {
      open: `\n<details><summary>${summary}</summary>\n\n${fence}diff\n`,
      lines: lines.map((line) => `${line}\n`),
      close: `${fence}\n\n</details>\n`
    }
  ]
}

/** A fence longer than any run of backticks in the lines. */
const fenceFor = (lines: ReadonlyArray<string>): string => {
  const longest = lines.reduce(
    (most, line) => (line.match(/`+/g) ?? []).reduce((max, run) => Math.max(max, run.length), most),
    0
  )
  return '`'.repeat(Math.max(3, longest + 1))
}
