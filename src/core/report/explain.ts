import { Failure } from '../domain/Failure'
import { Issue } from '../domain/Issue'
import { Notice } from '../domain/Notice'
import { targetOf } from '../plan/Step'
import { Leftover, Report } from './Report'

/** One issue as a sentence: option, value, reason, way out. */
export const issue = ({ at, value, reason, hint }: Issue): string =>
  printable(`${at}${value === undefined ? '' : ` = ${value}`}: ${reason}${hint === undefined ? '' : `; ${hint}`}`)

/** A text on one line, with nothing in it that a terminal obeys: a job chooses names and paths that are told here. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029]/gu, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Issues, a line each. */
export const issues = (list: ReadonlyArray<Issue>): string => list.map((one) => `${issue(one)}\n`).join('')

export const notice = ({ at, text }: Notice): string => printable(`notice: ${at}: ${text}`)

/** A failure as a sentence: what was being done, and what was answered. */
export const failure = ({ doing, detail }: Failure): string => `${doing}: ${detail}`

const leftover = ({ undo, failure: why }: Leftover): string => `${undo._tag} ${targetOf(undo)} (${why.detail})`

/** How a plan ended, as a sentence: the cause first, then what could not be taken back. */
export const report = (outcome: Report): string => {
  switch (outcome._tag) {
    case 'Completed':
      return 'completed'
    case 'RolledBack':
      return outcome.leftovers.length === 0
        ? failure(outcome.cause)
        : `${failure(outcome.cause)}; left behind: ${outcome.leftovers.map(leftover).join(', ')}`
  }
}
