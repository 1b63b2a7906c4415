import { Change, Subject, SUBJECTS, Verdict } from './Change'

/** What makes a comparison fail: any change, or those of a verdict on a subject. */
export type FailOn = ReadonlyArray<'any' | { readonly verdict: Verdict; readonly subject: Subject | 'all' }>

/** The words of `--fail-on` that stand for a verdict. */
export const VERDICTS: ReadonlyArray<Verdict> = ['weakens', 'unknown', 'neutral', 'tightens']

const ON: ReadonlyArray<Subject | 'all'> = [...SUBJECTS, 'all']

/**
 * Reads `any`, a verdict (which means that on the isolation), or a verdict with a subject or `all`, in either order:
 * `weakens`, `weakens:all`, `resources:weakens`. Undefined for another word.
 */
const readOne = (word: string): FailOn[number] | undefined => {
  if (word === 'any') return 'any'
  const [first = '', second = 'isolation', ...more] = word.split(':')
  const verdict = VERDICTS.find((one) => one === first || one === second)
  const subject = ON.find((one) => one === second || one === first)
  const isBoth = verdict !== undefined && subject !== undefined && verdict !== (subject as string)
  return isBoth && more.length === 0 ? { verdict, subject } : undefined
}

/** What several words joined by commas say, or the first that says nothing. */
export const readFailOn = (text: string): { readonly failOn: FailOn; readonly wrong: string | undefined } => {
  const words = text.split(',')
  const read = words.map(readOne)
  return {
    failOn: read.flatMap((one) => (one === undefined ? [] : [one])),
    wrong: words.find((_, index) => read[index] === undefined)
  }
}

/** Whether a change makes a comparison fail. */
export const isCounted = (failOn: FailOn, { verdict, subject }: Pick<Change, 'verdict' | 'subject'>): boolean =>
  failOn.some(
    (one) => one === 'any' || (one.verdict === verdict && (one.subject === 'all' || one.subject === subject))
  )
