import { Verdict } from '../diff/Change'
import { inert } from './inert'
import { Comparison, Finding, Outcome } from './Outcome'
import { counted, placeText, subjectOf, verdictOf } from './phrases'
import { sentence, Told, toldOf } from './toldChanges'
import { unifiedText } from './unifiedText'

/**
 * For people at a terminal: each change on a line, like ones together, then the documents as `diff -u` compares them,
 * then the findings. `colour` is for a terminal only.
 */
export const text = (outcome: Outcome, colour: boolean): string => {
  const paint = colour ? painted : plain
  const blocks = outcome.comparisons.map((comparison) => lines(ofComparison(paint, comparison)))
  const findings = lines(outcome.findings.map((finding) => ofFinding(paint, finding)))
  return [...blocks, ...(findings === '' ? [] : [findings])].join('\n')
}

const lines = (all: ReadonlyArray<string>): string => all.map((line) => `${line}\n`).join('')

type Colour = 'bold' | 'red' | 'green' | 'yellow' | 'cyan' | 'none'
type Paint = (colour: Colour, text: string) => string

const CODES: Readonly<Record<Colour, string>> = {
  bold: '1',
  red: '31',
  green: '32',
  yellow: '33',
  cyan: '36',
  none: '0'
}
const VERDICT_COLOURS: Readonly<Record<Verdict, Colour>> = {
  weakens: 'red',
  unknown: 'yellow',
  neutral: 'none',
  tightens: 'green'
}
const LEVEL_COLOURS: Readonly<Record<Finding['level'], Colour>> = { error: 'red', warning: 'yellow', note: 'cyan' }

const plain: Paint = (_colour, given) => given
const painted: Paint = (colour, given) => (colour === 'none' ? given : `\u001b[${CODES[colour]}m${given}\u001b[0m`)

const ofComparison = (paint: Paint, comparison: Comparison): ReadonlyArray<string> => [
  paint('bold', inert(`${comparison.name}: ${counted(comparison.changes.length, 'change')}, ${verdictOf(comparison)}`)),
  ...toldOf(comparison).map((told) => ofTold(paint, told)),
  ...unifiedText(comparison).map((line) => paint(lineColour(line), line))
]

const WIDTH = 8
const SUBJECT_WIDTH = 9

const ofTold = (paint: Paint, told: Told): string => {
  const { place, verdict, subject } = told
  const where = place?.line === undefined ? '' : ` (${placeText({ file: place.file, line: place.line })})`
  const mark = paint(VERDICT_COLOURS[verdict], verdict.padEnd(WIDTH))
  return `  ${mark} ${subject.padEnd(SUBJECT_WIDTH)} ${inert(`${sentence(told)}${where}`)}`
}

const lineColour = (line: string): Colour => {
  if (line.startsWith('--- ') || line.startsWith('+++ ')) return 'bold'
  if (line.startsWith('@')) return 'cyan'
  if (line.startsWith('-')) return 'red'
  return line.startsWith('+') ? 'green' : 'none'
}

const ofFinding = (paint: Paint, finding: Finding): string => {
  const { place, level, message } = finding
  const where = place?.line === undefined ? subjectOf(finding) : placeText(place)
  return `${where === undefined ? '' : `${inert(where)}: `}${paint(LEVEL_COLOURS[level], level)}: ${inert(message)}`
}
