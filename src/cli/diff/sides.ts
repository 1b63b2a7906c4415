import * as E from 'fp-ts/Either'

import { disk, Files } from '../load/Files'
import { orDisk } from '../load/gitFiles'
import { inputOf } from '../load/Input'
import { load, Results } from '../load/load'
import { LoadOptions, Opened } from '../load/Loaded'
import { Unreadable } from '../load/Unreadable'

/** What surrounds the jobs of both sides, and the operator's config of one side, where the two differ. */
export interface SideOptions extends LoadOptions {
  readonly pluginBefore?: string
  readonly pluginAfter?: string
}

/** What became of each input on both sides; undefined where a revision does not have it. */
export type Sides = readonly [ReadonlyArray<Side>, ReadonlyArray<Side>]
export type Side = E.Either<Unreadable, Opened> | undefined

/** Where a side is read from: a revision or working tree, which may lack a job, or where the user named it. */
export interface Origin {
  readonly files: Files
  readonly mayLack: boolean
}

export const asNamed: Origin = { files: disk, mayLack: false }

/** Both sides, in one instance of the parser where the same things surround them. */
export const bothSides = async (
  before: ReadonlyArray<string>,
  after: ReadonlyArray<string>,
  options: SideOptions,
  [base, head]: readonly [Origin, Origin]
): Promise<E.Either<string, Sides>> => {
  const isAlike = base === head && options.pluginBefore === undefined && options.pluginAfter === undefined
  if (isAlike) {
    const all = await load([...before, ...after].map(inputOf(base.files)), options)
    return E.map((results: Results): Sides => [results.slice(0, before.length), results.slice(before.length)])(all)
  }
  const old = await oneSide(before, base, around(options, base.files, options.pluginBefore))
  if (E.isLeft(old)) return old
  return E.map((current: ReadonlyArray<Side>): Sides => [old.right, current])(
    await oneSide(after, head, around(options, head.files, options.pluginAfter))
  )
}

const oneSide = async (
  names: ReadonlyArray<string>,
  { files, mayLack }: Origin,
  options: LoadOptions
): Promise<E.Either<string, ReadonlyArray<Side>>> => {
  const there = names.filter((file) => !mayLack || files.exists(file))
  const results = await load(there.map(inputOf(files)), options)
  return E.map((all: Results) => names.map((file) => all[there.indexOf(file)]))(results)
}

const around = (options: SideOptions, files: Files, plugin: string | undefined): LoadOptions => {
  const file = plugin ?? options.plugin
  return { ...options, files: files === disk ? disk : orDisk(files), ...(file === undefined ? {} : { plugin: file }) }
}
