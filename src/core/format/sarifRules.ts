import { Verdict } from '../diff/Change'
import { VERDICTS } from './names'

/** How SARIF ranks a result. */
export type SarifLevel = 'error' | 'warning' | 'note'

/** A kind of result: what it is, and what to do about it. */
export interface Rule {
  readonly id: string
  readonly level: SarifLevel
  readonly short: string
  readonly help: string
}

/**
 * Whether a weaker wall was wanted only its reviewer knows, so it is a warning and no error; what this program cannot
 * judge has to be looked at too.
 */
export const VERDICT_LEVELS: Readonly<Record<Verdict, SarifLevel>> = {
  weakens: 'warning',
  unknown: 'warning',
  neutral: 'note',
  tightens: 'note'
}

const VERDICT_TEXTS: Readonly<Record<Verdict, readonly [string, string]>> = {
  weakens: [
    'The container may do or reach something that it could not',
    'Ask for less, or let somebody who answers for the host agree.'
  ],
  unknown: ['A change that this program cannot judge', 'Read what changed; the reason says what is not known.'],
  neutral: [
    'A change that leaves the walls around the container as they are',
    'Nothing has to be done for safety; see whether the change is wanted.'
  ],
  tightens: ['The container may do or reach less than before', 'See whether the program still has what it needs.']
}

const FINDINGS: Readonly<Record<string, readonly [SarifLevel, string, string]>> = {
  'unknown-option': ['error', 'An option that does not exist', 'Correct its name; the message has the nearest one.'],
  missing: ['error', 'Something that is required is not there', 'Add it.'],
  'wrong-type': ['error', 'A value of another kind than the option', 'Write the kind of value that the message names.'],
  'bad-value': ['error', 'A value that cannot be used', 'Choose a value as the message says.'],
  conflict: ['error', 'Two things that exclude each other', 'Leave one of them out.'],
  'refused-by-policy': [
    'error',
    "Refused by the operator's configuration",
    'Ask for less, or ask the operator to allow it.'
  ],
  unanswered: ['error', 'Only the host or the image can tell', 'Give the answer in a facts file.'],
  unreadable: ['error', 'A file that cannot be read', 'Correct it; nothing is known of what it says.'],
  notice: ['note', 'Legal, and worth a word', 'Read the message; nothing has to be done.'],
  'golden-missing': ['error', 'No golden document to compare with', 'Make it, read it and commit it.'],
  'golden-unreadable': ['error', 'A golden document that cannot be read', 'Correct it, or write it again.'],
  'golden-extra': ['error', 'The golden document of no task', 'Remove it.'],
  'unused-ignore': ['note', 'An ignore rule that matches no change', 'Remove the rule, or correct its key.']
}

const ofVerdict = (verdict: Verdict): Rule =>
  ({ id: verdict, level: VERDICT_LEVELS[verdict], short: VERDICT_TEXTS[verdict][0], help: VERDICT_TEXTS[verdict][1] })

const ofFinding = (id: string): Rule => {
  const known = Object.hasOwn(FINDINGS, id) ? FINDINGS[id] : undefined
  const [level, short, help] = known ?? ['warning', id.replaceAll('-', ' '), 'Do as the message says.']
  return { id, level, short, help }
}

/** The rules of a report: every verdict, then what was found, each once. */
export const rulesOf = (findings: ReadonlyArray<string>): ReadonlyArray<Rule> =>
  [...VERDICTS.map(ofVerdict), ...[...new Set(findings)].filter(isNoVerdict).sort().map(ofFinding)]

const isNoVerdict = (id: string): boolean => !VERDICTS.some((verdict) => verdict === id)
