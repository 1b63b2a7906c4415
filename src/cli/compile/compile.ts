import { join } from 'node:path'

import * as E from 'fp-ts/Either'

import { compact, pretty } from '../../core/domain/canonical'
import { Json, toJson } from '../../core/domain/Json'
import { printable } from '../../core/domain/printable'
import { documentOf, Translated, translateOffline } from '../../core/offline'
import { render } from '../../core/plan/render'
import { redact } from '../../core/share/redact'
import { textWithoutSpread, valueWithoutSpread } from '../../core/share/Spread'
import { plansOf } from '../../core/translate'
import { Loaded, LoadOptions, nameOf } from '../load/Loaded'
import { lines } from '../load/Surroundings'
import { tasksOf } from '../load/tasksOf'
import { Output } from '../output/Output'
import { filesOf, isSame } from '../output/ownInputs'
import { resultFile, sharedFiles } from '../output/resultFile'
import { taskNotes } from '../output/taskNotes'
import { writeResult } from '../output/writeDocument'

/** What `compile` and `plan` are asked to print, and where. */
export interface CompileOptions extends LoadOptions {
  readonly compact?: boolean
  readonly full?: boolean
  readonly redact?: boolean
  readonly explain?: boolean
  readonly showEnv?: ReadonlyArray<string>
  readonly output?: string
}

/** A task, and what it came to. */
interface Made {
  readonly loaded: Loaded
  readonly translated: Translated
}

/**
 * `compile`: the OCI runtime spec of each task as it will run, or (`full`) all that will be true of its container.
 * Several tasks are one object with their names. Passwords are never shown, environment values unless `redact`.
 */
export const compileCommand = (files: ReadonlyArray<string>, options: CompileOptions): Promise<Output> =>
  each(files, options, '.json', (made) => {
    if (options.explain === true) return causesOf(made)
    const documents = made.map((one) => printed(one, options))
    const [first] = documents
    const whole =
      documents.length === 1 && first !== undefined
        ? first
        : Object.fromEntries(documents.map((one, index) => [nameIn(made, made[index]), one]))
    return options.compact === true ? compact(whole) : pretty(whole)
  })

const printed = ({ translated, loaded }: Made, options: CompileOptions): Json => {
  const shown = options.redact === true ? (options.showEnv ?? []) : ['*']
  const { spread } = loaded.offline
  if (options.full === true) return redact(documentOf(translated), shown, spread)
  return E.isRight(translated.outcome) ? redact(toJson(translated.outcome.right.compiled.spec), shown, spread) : null
}

/**
 * `plan`: what will be done for each task, in order, with the undo and the reason of every step; `full` as JSON, with
 * the redacted document.
 */
export const planCommand = (files: ReadonlyArray<string>, options: CompileOptions): Promise<Output> =>
  each(files, options, options.full === true ? '.json' : '.txt', (made) => {
    if (options.explain === true) return causesOf(made)
    if (options.full === true)
      return pretty(
        made.length === 1
          ? fullPlan(options, made[0])
          : Object.fromEntries(made.map((one) => [nameIn(made, one), fullPlan(options, one)]))
      )
    return made.map((one) => (made.length > 1 ? `# ${nameIn(made, one)}\n` : '') + planText(one, options)).join('\n')
  })

const planText = ({ translated: { outcome }, loaded }: Made, { showEnv }: CompileOptions): string =>
  E.isRight(outcome)
    ? textWithoutSpread(
        plansOf(outcome.right.request, outcome.right.compiled).map(render).join('\n'),
        loaded.offline.spread ?? {},
        showEnv
      )
    : ''

const fullPlan = ({ showEnv = [] }: CompileOptions, made: Made | undefined): Json => {
  if (made === undefined || E.isLeft(made.translated.outcome)) return null
  const { request, compiled } = made.translated.outcome.right
  const { spread = {} } = made.loaded.offline
  return {
    plans: valueWithoutSpread(toJson(plansOf(request, compiled)), spread, showEnv),
    document: redact(documentOf(made.translated), showEnv, spread)
  }
}

const causesOf = async (made: ReadonlyArray<Made>): Promise<string> => {
  const { causeLines } = await import('../explain/causeLines')
  return made.map(({ loaded }) => causeLines(loaded)).join('\n')
}

/** The name of a task among the tasks of one file, or of several files. */
const nameIn = (all: ReadonlyArray<Made>, made: Made | undefined): string => {
  if (made === undefined) return ''
  const isOneFile = all.every(({ loaded }) => loaded.file === made.loaded.file)
  return isOneFile && made.loaded.task !== '' ? made.loaded.task : nameOf(made.loaded)
}

const each = async (
  files: ReadonlyArray<string>,
  options: CompileOptions,
  ending: string,
  print: (made: ReadonlyArray<Made>) => string | Promise<string>
): Promise<Output> => {
  const { tasks, notices, faults } = await tasksOf(files, options)
  const all = tasks.map((loaded): Made => ({ loaded, translated: translateOffline(loaded.offline) }))
  const compiled = all.filter(({ translated: { outcome } }) => E.isRight(outcome))
  const exitCode = faults !== '' || compiled.length < all.length ? 2 : 0
  const stderr = notices + all.map(({ loaded, translated }) => taskNotes(loaded, translated)).join('') + faults
  if (options.output === undefined)
    return { stdout: compiled.length === 0 ? '' : await print(compiled), stderr, exitCode }
  const unwritten = await writeAll(compiled, options.output, ending, print)
  return { stdout: '', stderr: stderr + lines(unwritten), exitCode: unwritten.length > 0 ? 2 : exitCode }
}

/**
 * Writes a file for each task below a directory, or nothing where two tasks have the same file. Resolves to what went
 * wrong.
 */
const writeAll = async (
  made: ReadonlyArray<Made>,
  directory: string,
  ending: string,
  print: (made: ReadonlyArray<Made>) => string | Promise<string>
): Promise<ReadonlyArray<string>> => {
  const files = made.map((one) => ({
    one,
    name: nameOf(one.loaded),
    file: join(directory, resultFile(one.loaded.file, one.loaded.task, ending))
  }))
  const shared = sharedFiles(files)
  if (shared.length > 0) return shared
  const own = files.filter(({ one, file }) => filesOf(one.loaded.file).some((input) => isSame(input, file)))
  if (own.length > 0)
    return own.map(({ file }) => `${printable(file)}: is read by this command; write to another directory`)
  const written = await Promise.all(files.map(async ({ one, file }) => writeResult(file, await print([one]))))
  return written.flatMap(leftOf)
}

const leftOf = (written: E.Either<string, unknown>): ReadonlyArray<string> => (E.isLeft(written) ? [written.left] : [])
