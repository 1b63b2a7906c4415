import { Json } from '../../core/domain/Json'
import { documentOf, translateOffline } from '../../core/offline'
import { Spread } from '../../core/share/Spread'
import { Loaded, Opened } from '../load/Loaded'

/** One side of a comparison: a document, and the task that it was compiled from. */
export interface Half {
  readonly document: Json
  readonly loaded: Loaded | undefined
  /** Where no task was loaded: values of the environment that stand in other places too. */
  readonly spread?: Spread
}

/** Two halves of the same task. One that only one side has is a pair with one half. */
export interface Pair {
  readonly task: string
  readonly before: Half | undefined
  readonly after: Half | undefined
}

/** The documents of an input, by task. */
export const halvesOf = (opened: Opened): ReadonlyMap<string, Half> =>
  opened._tag === 'Documents'
    ? new Map(Object.entries(opened.documents).map(([name, document]) => [name, { document, loaded: undefined }]))
    : new Map(
        opened.tasks.map((loaded) => [loaded.task, { document: documentOf(translateOffline(loaded.offline)), loaded }])
      )

/** Tasks of two inputs by their names; where each has one only, these two. */
export const pairsOf = (before: ReadonlyMap<string, Half>, after: ReadonlyMap<string, Half>): ReadonlyArray<Pair> => {
  const [old] = before.entries()
  const [current] = after.entries()
  if (old !== undefined && current !== undefined && before.size === 1 && after.size === 1) {
    return [{ task: current[0] === '' ? old[0] : current[0], before: old[1], after: current[1] }]
  }
  return [...new Set([...before.keys(), ...after.keys()])].map((task) => ({
    task,
    before: before.get(task),
    after: after.get(task)
  }))
}
