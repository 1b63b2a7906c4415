import { statSync } from 'node:fs'

import * as E from 'fp-ts/Either'

import { Notice } from '../core/domain/Notice'
import * as Job from '../core/job/Job'
import { toDocuments } from '../core/job/toDocuments'
import { issues as spoken } from '../core/report/explain'
import { Documents } from '../core/resolve/Request'
import { choosePlace, DRIVER } from './choosePlace'
import { pluginDocument } from './pluginDocument'
import { readCase } from './readCase'
import { readHclOrJson } from './readDocument'

/** A task of an input with the documents that the driver would get; `place` is where it stands in its job. */
export interface TaskDocuments {
  readonly name: string
  readonly documents: Documents
  readonly place?: Job.Place
}

/** The tasks of this driver in an input, and what is worth a word. */
export interface Found {
  readonly tasks: ReadonlyArray<TaskDocuments>
  readonly notices: ReadonlyArray<Notice>
}

/** The options that say which tasks, and under whose config. */
export interface TaskOptions {
  readonly task?: string
  readonly plugin?: string
}

/** Every task of this driver in a fixture directory or a job; the one that `--task` names. Left is the text for stderr. */
export const taskDocuments = async (input: string, options: TaskOptions): Promise<E.Either<string, Found>> => {
  if (statSync(input, { throwIfNoEntry: false })?.isDirectory() ?? false) {
    return E.map(({ documents }: { readonly documents: Documents }): Found => ({ tasks: [{ name: input, documents }], notices: [] }))(await readCase(input, options))
  }
  const [document, plugin] = await Promise.all([readHclOrJson(input, 'job'), pluginDocument(options.plugin)])
  const wrong = [document, plugin].flatMap((one) => (E.isLeft(one) ? [`${one.left.trimEnd()}\n`] : []))
  if (E.isLeft(document) || E.isLeft(plugin)) return E.left(wrong.join(''))
  const job = E.mapLeft(spoken)(Job.decode(document.right))
  return E.chain((decoded: Job.Job) => tasksOf(decoded, input, options.task, plugin.right))(job)
}

const tasksOf = (job: Job.Job, input: string, wanted: string | undefined, plugin: unknown): E.Either<string, Found> => {
  const ours = Job.placesOf(job).filter(({ task }) => task.Driver === DRIVER)
  const chosen = wanted === undefined ? E.right(ours) : E.map(({ place }: { readonly place: Job.Place }) => [place])(choosePlace(job, wanted))
  return E.map((places: ReadonlyArray<Job.Place>): Found => ({
    tasks: places.map((place) => ({
      name: `${input} ${place.group.Name}/${place.task.Name}`, documents: { ...toDocuments(place).documents, plugin }, place
    })),
    notices: places.length > 0 ? [] : [Notice(`job ${job.ID}`, `has no task with driver = "${DRIVER}"`)]
  }))(chosen)
}
