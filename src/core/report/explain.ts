import { pathText } from '../domain/DocumentPath'
import { Failure } from '../domain/Failure'
import { Issue } from '../domain/Issue'
import { Notice } from '../domain/Notice'
import { printable } from '../domain/printable'
import { targetOf } from '../plan/Step'
import { Leftover, Report } from './Report'

/** One issue as a sentence: option, value, reason, way out. */
export const issue = ({ at, value, reason, hint }: Issue): string => {
  const what = value === undefined ? pathText(at) : `${pathText(at)} = ${value}`
  return printable(`${what}: ${reason}${hint === undefined ? '' : `; ${hint}`}`)
}

/** Issues, a line each. */
export const issues = (list: ReadonlyArray<Issue>): string => list.map((one) => `${issue(one)}\n`).join('')

export const notice = (one: Notice): string => `notice: ${noticed(one)}`

/** A notice where it is plain that it is one. */
export const noticed = ({ at, text }: Notice): string => printable(`${pathText(at)}: ${text}`)

/** A failure as a sentence: what was being done, and what was answered. */
export const failure = ({ doing, detail }: Failure): string => `${doing}: ${detail}`

const leftover = ({ undo, failure: why }: Leftover): string => `${undo._tag} ${targetOf(undo)} (${why.detail})`

/** What could not be taken back, and why. */
export const leftBehind = (leftovers: ReadonlyArray<Leftover>): string =>
  `left behind: ${leftovers.map(leftover).join(', ')}`

/** How a plan ended, as a sentence: the cause first, then what could not be taken back. */
export const report = (outcome: Report): string => {
  switch (outcome._tag) {
    case 'Completed':
      return 'completed'
    case 'RolledBack':
      return outcome.leftovers.length === 0
        ? failure(outcome.cause)
        : `${failure(outcome.cause)}; ${leftBehind(outcome.leftovers)}`
    case 'Stopped':
      return outcome.failures.length === 0 ? 'stopped' : outcome.failures.map((one) => failure(one.failure)).join('; ')
  }
}
