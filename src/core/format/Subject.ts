import { Outcome } from './Outcome'

/** What a name of an outcome speaks of: a file and a task in it, or one thing that is both. */
export interface Subject {
  readonly file: string
  readonly task: string
}

/** Every file that an outcome names. */
export const filesOf = ({ comparisons, findings }: Outcome): ReadonlySet<string> =>
  new Set([...comparisons, ...findings].flatMap(({ place }) => (place === undefined ? [] : [place.file])))

/** File and task of a name: the file is one that is known, or else what stands before `group/task`. */
export const subjectIn = (files: ReadonlySet<string>, name: string): Subject => {
  const spaces = [...name.matchAll(/ /g)].map(({ index }) => index).toReversed()
  const end =
    spaces.find((space) => files.has(name.slice(0, space))) ?? spaces.find((space) => name.indexOf('/', space) > space)
  return end === undefined || files.has(name)
    ? { file: name, task: name }
    : { file: name.slice(0, end), task: name.slice(end + 1) }
}
