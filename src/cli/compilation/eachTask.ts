import { join } from 'node:path'

import * as E from 'fp-ts/Either'

import { compact } from '../../core/domain/canonical'
import { Json, member, toJson } from '../../core/domain/Json'
import { printable } from '../../core/domain/printable'
import * as ImageConfig from '../../core/image/ImageConfig'
import { Translated, translateOffline } from '../../core/offline'
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
  readonly strict?: boolean
  readonly showEnv?: ReadonlyArray<string>
  readonly output?: string
}

/** A task, and what it came to. */
export interface Made {
  readonly loaded: Loaded
  readonly translated: Translated
}

/** Every part of what tasks come to, with what caused it. */
export const causesOf = async (made: ReadonlyArray<Made>): Promise<string> => {
  const { causeLines } = await import('../explain/causeLines')
  return made.map(({ loaded }) => causeLines(loaded)).join('\n')
}

/** The name of a task among the tasks of one file, or of several files. */
export const nameIn = (all: ReadonlyArray<Made>, made: Made | undefined): string => {
  if (made === undefined) return ''
  const isOneFile = all.every(({ loaded }) => loaded.file === made.loaded.file)
  return isOneFile && made.loaded.task !== '' ? made.loaded.task : nameOf(made.loaded)
}

/**
 * Compiles the tasks of files and prints them: together, or with `output` each into a file of its own, whose name ends
 * with `ending`.
 */
export const each = async (
  files: ReadonlyArray<string>,
  options: CompileOptions,
  ending: string,
  print: (made: ReadonlyArray<Made>) => string | Promise<string>
): Promise<Output> => {
  const { tasks, notices, faults } = await tasksOf(files, options)
  const all = tasks.map((loaded): Made => ({ loaded, translated: translateOffline(loaded.offline) }))
  const isWanted = (one: Made): boolean => options.strict !== true || unknownOf(one).length === 0
  const compiled = all.filter((one) => E.isRight(one.translated.outcome) && isWanted(one))
  const exitCode = faults !== '' || compiled.length < all.length ? 2 : 0
  const notes = all.map((one) => taskNotes(one.loaded, one.translated) + (isWanted(one) ? '' : strictly(one)))
  const stderr = notices + notes.join('') + faults
  if (options.output === undefined)
    return { stdout: compiled.length === 0 ? '' : await print(compiled), stderr, exitCode }
  const unwritten = await writeAll(compiled, options.output, ending, print)
  return { stdout: '', stderr: stderr + lines(unwritten), exitCode: unwritten.length > 0 ? 2 : exitCode }
}

/** The names that stand in what a task comes to, and the options of which nothing does. */
const unknownOf = ({ translated: { outcome, unknowns, left } }: Made): ReadonlyArray<string> => {
  if (E.isLeft(outcome)) return []
  const spec = compact(toJson(outcome.right.compiled.spec))
  const names = [...OF_IMAGE, ...unknowns.map(({ name }) => name)].filter((name) => spec.includes(name))
  return [...names, ...left.map((one) => textOf(member(one, 'option')))]
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

const OF_IMAGE = [...ImageConfig.placeholder.entrypoint, ...ImageConfig.placeholder.cmd]

const strictly = (made: Made): string => {
  const names = [...new Set(unknownOf(made))].join(', ')
  return `${nameOf(made.loaded)}: --strict: only a client, a host or an image knows ${names}\n`
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
