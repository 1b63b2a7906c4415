import { Verdict } from '../diff/Change'
import { inert } from './inert'
import { Comparison, FilePlace, Finding, Outcome } from './Outcome'
import { repoPath } from './repoPath'
import { worstFirst } from './tally'
import { sentence, Told, toldOf } from './toldChanges'

/**
 * For GitHub Actions: a workflow command on each line, the worst first, because GitHub shows only the first ten of a
 * level.
 */
export const github = ({ comparisons, findings }: Outcome): string => {
  const changes = comparisons.flatMap((comparison) =>
    toldOf(comparison).map((told) => ({ verdict: told.verdict, command: ofTold(comparison, told) })))
  const commands = [...findings.map(ofFinding), ...worstFirst(changes).map(({ command }) => command)]
  return LEVELS.flatMap((level) => commands.filter((command) => command.level === level)).map(written).join('')
}

type Level = 'error' | 'warning' | 'notice'

interface Command {
  readonly level: Level
  readonly place: FilePlace | undefined
  readonly title: string
  readonly message: string
}

const LEVELS: ReadonlyArray<Level> = ['error', 'warning', 'notice']
const OF_FINDING: Readonly<Record<Finding['level'], Level>> = { error: 'error', warning: 'warning', note: 'notice' }
const OF_VERDICT: Readonly<Record<Verdict, Level>> = {
  weakens: 'warning',
  unknown: 'warning',
  neutral: 'notice',
  tightens: 'notice'
}

const ofFinding = ({ level, place, rule, task, message }: Finding): Command =>
  ({ level: OF_FINDING[level], place, title: rule, message: `${task === undefined ? '' : `${task}: `}${message}` })

const ofTold = (comparison: Comparison, told: Told): Command => ({
  level: OF_VERDICT[told.verdict],
  place: told.place,
  title: `${told.verdict} (${told.subject})`,
  message: `${comparison.name}: ${sentence(told)}`
})

const written = ({ level, place, title, message }: Command): string => {
  const properties = [
    ...(place === undefined ? [] : [`file=${property(repoPath(place.file))}`]),
    ...(place?.line === undefined ? [] : [`line=${place.line}`]),
    ...(place?.line === undefined || place.column === undefined ? [] : [`col=${place.column}`]),
    `title=${property(title)}`
  ]
  return `::${level} ${properties.join(',')}::${data(message)}\n`
}

/** What stands after the command: it ends with the line. */
const data = (text: string): string =>
  text.replace(/[\r\n]|[^\r\n]+/g, (part) => {
    if (part === '\r') return '%0D'
    return part === '\n' ? '%0A' : inert(part).replaceAll('%', '%25')
  }
  )

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
