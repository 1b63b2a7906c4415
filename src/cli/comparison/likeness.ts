import { isRecord } from '../../core/domain/isRecord'
import { isEqual, toJson } from '../../core/domain/Json'
import { Place } from '../../core/job/Job'
import { Half } from './Half'

/** Two tasks under other names that are one: of all that may be, those that are most alike. */
export interface Match {
  readonly before: string
  readonly after: string
}

type Tasks = ReadonlyArray<readonly [string, Half]>

/**
 * Tasks that have a partner on the other side under another name. Each is the partner of one only, those most alike
 * first; with another image and another name it is another task.
 */
export const renamedIn = (gone: Tasks, come: Tasks): ReadonlyArray<Match> => {
  const all = gone.flatMap(([before, old]) =>
    come.flatMap(([after, current]) => {
      const likeness = likenessOf(old.loaded?.place, current.loaded?.place)
      return likeness === 0 ? [] : [{ before, after, likeness }]
    })
  )
  return all
    .toSorted((a, b) => b.likeness - a.likeness)
    .reduce<ReadonlyArray<Match>>(
      (taken, { before, after }) =>
        taken.some((one) => one.before === before || one.after === after) ? taken : [...taken, { before, after }],
      []
    )
}

/** How many options two tasks have in common, weighted by what makes them the same; 0 for two that are others. */
const likenessOf = (before: Place | undefined, after: Place | undefined): number => {
  if (before === undefined || after === undefined) return 0
  const [was, is] = [before.task.Config ?? {}, after.task.Config ?? {}]
  const isSameImage = repositoryOf(was) === repositoryOf(is)
  const isSameName = before.task.Name === after.task.Name
  if (!isSameImage && !isSameName) return 0
  const common = Object.keys(was).filter((name) => isRecord(is) && isEqual(toJson(was[name]), toJson(is[name])))
  const isSameGroup = before.group.Name === after.group.Name
  return common.length + (isSameImage ? SAME_IMAGE : 0) + (isSameName ? SAME_NAME : 0) + (isSameGroup ? 1 : 0)
}

// More than options that many tasks have in common.
const SAME_IMAGE = 8
const SAME_NAME = 4

const repositoryOf = (config: Readonly<Record<string, unknown>>): string =>
  (typeof config['image'] === 'string' ? config['image'] : '').replace(/@.*$/, '').replace(/:[^/:]*$/, '')
