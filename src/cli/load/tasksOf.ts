import * as E from 'fp-ts/Either'

import { NO_TASK } from '../../core/job/ours'
import * as explain from '../../core/report/explain'
import { disk } from './Files'
import { inputsOf } from './Input'
import { load } from './load'
import { Loaded, LoadOptions, Opened } from './Loaded'
import { lines } from './Surroundings'
import { Unreadable, unreadable } from './Unreadable'

/** The tasks of several inputs, and what has to be told of them. */
export interface Tasks {
  readonly tasks: ReadonlyArray<Loaded>
  /** Lines for stderr: what is worth a word. */
  readonly notices: string
  /** Lines for stderr: inputs that could not be used. */
  readonly faults: string
}

/**
 * Every task of the files (or of stdin, `-`). A file without a task of this driver, and a finished document, is a
 * fault.
 */
export const tasksOf = async (files: ReadonlyArray<string>, options: LoadOptions): Promise<Tasks> => {
  const results = await load(inputsOf(options.files ?? disk)(files), options)
  if (E.isLeft(results)) return { tasks: [], notices: '', faults: lines([results.left]) }
  const opened = results.right.map(E.chain(withTasks))
  return {
    tasks: opened.flatMap((one) => (E.isRight(one) ? one.right.tasks : [])),
    notices: lines(opened.flatMap((one) => (E.isRight(one) ? one.right.notices.map(explain.notice) : []))),
    faults: lines(opened.flatMap((one) => (E.isLeft(one) ? [one.left.text] : [])))
  }
}

/** An input of jobs; a finished document is none. */
export const onlyTasks = (opened: Opened): E.Either<Unreadable, WithTasks> =>
  opened._tag === 'Tasks'
    ? E.right(opened)
    : E.left(unreadable(opened.file, 'is a finished spec, not a job; `diff` compares it'))

type WithTasks = Extract<Opened, { readonly _tag: 'Tasks' }>

const withTasks = (opened: Opened): E.Either<Unreadable, WithTasks> => {
  const asJob = onlyTasks(opened)
  if (E.isLeft(asJob)) return asJob
  return asJob.right.tasks.length === 0 ? E.left(unreadable(opened.file, NO_TASK)) : asJob
}

/** The one task that a command works on; Left is what to tell when there are none or several. */
export const oneTask = async (file: string, options: LoadOptions): Promise<E.Either<string, Loaded>> => {
  const {
    tasks: [task, ...others],
    notices,
    faults
  } = await tasksOf([file], options)
  if (task === undefined) return E.left(notices + faults)
  const names = [task, ...others].map((one) => one.task).join(', ')
  return others.length === 0
    ? E.right(task)
    : E.left(`${disk.label(file)}: has several tasks; name one with --task GROUP/TASK: ${names}\n`)
}
