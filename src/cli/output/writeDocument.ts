import {
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  Stats,
  statSync,
  writeFileSync
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

import * as E from 'fp-ts/Either'

import { printable } from '../../core/domain/printable'
import { disk } from '../load/Files'
import { reasonOf } from '../load/readText'

type Written = 'written' | 'unchanged'

/**
 * Writes a text to a file: whole or not at all, and not when it is there already. What is no regular file (a device, a
 * pipe, a link that leads to nothing yet) is written to as it stands. Left names the file and says why it could not be.
 */
export const writeDocument = (file: string, text: string): E.Either<string, Written> =>
  tried(file, () => {
    const there = statSync(file, { throwIfNoEntry: false })
    if (there === undefined ? isLink(file) : !there.isFile()) {
      writeFileSync(file, text)
      return 'written'
    }
    return there !== undefined && has(file, there, text) ? 'unchanged' : replace(file, there, text)
  })

/** The same for a file of a tree of results, whose directories are made. */
export const writeResult = (file: string, text: string): E.Either<string, Written> =>
  E.chain(() => writeDocument(file, text))(tried(file, () => mkdirSync(dirname(file), { recursive: true })))

const tried = <A>(file: string, write: () => A): E.Either<string, A> => {
  try {
    return E.right(write())
  } catch (thrown) {
    const why = disk.isDirectory(dirname(file)) ? reasonOf(thrown) : `there is no directory ${printable(dirname(file))}`
    return E.left(`${printable(file)}: cannot be written: ${why}`)
  }
}

const isLink = (file: string): boolean => lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true

// The old text is read only where it may be the same.
const has = (file: string, { size }: Stats, text: string): boolean =>
  size === Buffer.byteLength(text) && readFileSync(file, 'utf8') === text

const USUAL_MODE = 0o644

/** A link stays a link to what it names. */
const replace = (file: string, there: Stats | undefined, text: string): Written => {
  const target = there === undefined ? file : realpathSync(file)
  const beside = join(dirname(target), `.${basename(target)}.${String(process.pid)}`)
  try {
    writeFileSync(beside, text, { mode: (there?.mode ?? USUAL_MODE) & 0o777, flag: 'wx' })
    renameSync(beside, target)
    return 'written'
  } catch (thrown) {
    rmSync(beside, { force: true })
    throw thrown
  }
}
