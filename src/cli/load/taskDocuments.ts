import * as E from 'fp-ts/Either'

import { placeIn } from '../../core/domain/DocumentPath'
import { Notice } from '../../core/domain/Notice'
import { Reference } from '../../core/domain/Unknown'
import * as Job from '../../core/job/Job'
import { NO_TASK } from '../../core/job/ours'
import { settledFor } from '../../core/offline'
import { Documents } from '../../core/resolve/Request'
import { disk } from './Files'
import { inputsOf } from './Input'
import { load } from './load'
import { Loaded, LoadOptions, nameOf, Opened } from './Loaded'
import { lines } from './Surroundings'
import { onlyTasks } from './tasksOf'
import { Unreadable } from './Unreadable'

/** A task of an input with the documents that the driver would get; `place` is where it stands in its job. */
export interface TaskDocuments {
  readonly name: string
  readonly documents: Documents
  /** Texts of the job that only a Nomad client can expand; something else stands in the documents for them. */
  readonly unknown: ReadonlyArray<Reference>
  readonly place?: Job.Place
}

/** The tasks of this driver in inputs, and what is worth a word. */
export interface Found {
  readonly tasks: ReadonlyArray<TaskDocuments>
  readonly notices: ReadonlyArray<Notice>
}

/** The options that say which tasks, and under whose config. */
export type TaskOptions = Pick<LoadOptions, 'task' | 'plugin' | 'var' | 'varFile' | 'filesBelow'>

/**
 * Every task of this driver in fixture directories and jobs; the one that `--task` names. Left is the text for stderr,
 * of all that is wrong.
 */
export const taskDocuments = async (
  inputs: ReadonlyArray<string>,
  { task, plugin, var: vars, varFile, filesBelow }: TaskOptions
): Promise<E.Either<string, Found>> => {
  const results = await load(inputsOf(disk)(inputs), {
    ...(task === undefined ? {} : { task }),
    ...(plugin === undefined ? {} : { plugin }),
    ...(vars === undefined ? {} : { var: vars }),
    ...(varFile === undefined ? {} : { varFile }),
    ...(filesBelow === undefined ? {} : { filesBelow })
  })
  if (E.isLeft(results)) return E.left(lines([results.left]))
  const found = results.right.map(E.chain(foundIn))
  const wrong = found.flatMap((one) => (E.isLeft(one) ? [one.left.text] : []))
  return wrong.length > 0
    ? E.left(lines(wrong))
    : E.right(together(found.flatMap((one) => (E.isRight(one) ? [one.right] : []))))
}

const together = (all: ReadonlyArray<Found>): Found => ({
  tasks: all.flatMap(({ tasks }) => tasks),
  notices: all.flatMap(({ notices }) => notices)
})

const foundIn = (opened: Opened): E.Either<Unreadable, Found> =>
  E.map(({ file, tasks }: { readonly file: string; readonly tasks: ReadonlyArray<Loaded> }): Found => ({
    tasks: tasks.map(ofLoaded), notices: tasks.length > 0 ? [] : [Notice(placeIn(file), NO_TASK)]
  }))(onlyTasks(opened))

const ofLoaded = (loaded: Loaded): TaskDocuments => ({
  name: nameOf(loaded),
  documents: settledFor(loaded.offline).documents,
  unknown: loaded.offline.documents.unknown ?? [],
  ...(loaded.place === undefined ? {} : { place: loaded.place })
})
