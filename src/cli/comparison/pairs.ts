import * as E from 'fp-ts/Either'

import { documentOf, translateOffline } from '../../core/offline'
import { Loaded, Opened } from '../load/Loaded'
import { Half } from './Half'
import { renamedIn } from './likeness'
import { renamedAs } from './variants'

/** Two halves of the same task. One that only one side has is a pair with one half. */
export interface Pair {
  readonly task: string
  readonly before: Half | undefined
  readonly after: Half | undefined
  /** The names of a task that has another one now. */
  readonly names?: readonly [string, string]
}

/** A task, with all that it comes to. */
export const halfOf = (loaded: Loaded): Half => {
  const translated = translateOffline(loaded.offline)
  const { outcome } = translated
  return { document: documentOf(translated), loaded, ...(E.isLeft(outcome) ? { issues: outcome.left } : {}) }
}

/** The documents of an input, by task. */
export const halvesOf = (opened: Opened): ReadonlyMap<string, Half> =>
  opened._tag === 'Documents'
    ? new Map(Object.entries(opened.documents).map(([name, document]) => [name, { document, loaded: undefined }]))
    : new Map(opened.tasks.map((loaded) => [loaded.task, halfOf(loaded)]))

type Halves = ReadonlyMap<string, Half>

/** Tasks of two inputs by their names; where each has one only, these two. One that was renamed is the same one. */
export const pairsOf = (before: Halves, after: Halves): ReadonlyArray<Pair> => {
  const [old] = before.entries()
  const [current] = after.entries()
  if (old !== undefined && current !== undefined && before.size === 1 && after.size === 1)
    return [together(old, current)]
  const matches = renamedIn(
    [...before].filter(([task]) => !after.has(task)),
    [...after].filter(([task]) => !before.has(task))
  )
  const old2new = new Map(matches.map((one) => [one.before, one.after]))
  const new2old = new Map(matches.map((one) => [one.after, one.before]))
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((task) => !old2new.has(task) || after.has(task))
    .map((task) => {
      const origin = new2old.get(task) ?? task
      const [was, is] = [before.get(origin), after.get(task)]
      return was === undefined || is === undefined
        ? { task, before: was, after: is }
        : together([origin, was], [task, is])
    })
}

/** One task on both sides: its old names, and the paths that follow from them, are those of today. */
const together = ([name, before]: readonly [string, Half], [task, after]: readonly [string, Half]): Pair => {
  const renamed = name === task ? undefined : renamedAs(before.loaded, after.loaded)
  return {
    task: task === '' ? name : task,
    before: renamed === undefined ? before : halfOf(renamed),
    after,
    ...(renamed === undefined ? {} : { names: [name, task] as const })
  }
}
