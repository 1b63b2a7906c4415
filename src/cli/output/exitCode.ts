import { isCounted, readFailOn } from '../../core/diff/FailOn'
import { Outcome } from '../../core/format/Outcome'
import { Output } from './Output'

/** What makes a command that compares fail, and how its exit code is to be read. */
export interface EndOptions {
  /** What counts: `any`, verdicts on the isolation, or verdicts with their subject, joined by commas. */
  readonly failOn?: string
  readonly exitZero?: boolean
  /** As terraform has it: 0 nothing differs, 1 an error, 2 something differs. */
  readonly detailedExitcode?: boolean
  readonly strict?: boolean
}

/** The exit code of an outcome: 0 same, 1 differs or finding, 2 some input could not be read. */
export const exitCodeOf = (outcome: Outcome, isUnreadable: boolean, options: EndOptions): number => {
  if (isUnreadable) return 2
  return options.exitZero !== true
    && (differs(outcome, options.failOn ?? 'any') || finds(outcome, options.strict === true))
    ? 1
    : 0
}

/** With `--detailed-exitcode` an error is 1 and a difference 2, however the command ended. */
export const withDetailedExitCode = (output: Output, { detailedExitcode }: EndOptions): Output =>
  detailedExitcode === true && (output.exitCode === 1 || output.exitCode === 2)
    ? { ...output, exitCode: 3 - output.exitCode }
    : output

const differs = ({ comparisons }: Outcome, failOn: string): boolean => {
  const { failOn: counted } = readFailOn(failOn)
  return comparisons.some(({ changes }) => changes.some((change) => isCounted(counted, change)))
}

const finds = ({ findings }: Outcome, strict: boolean): boolean =>
  findings.some(({ level }) => level === 'error' || level === 'warning' || strict)
