import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

import * as E from 'fp-ts/Either'

/** Writes a text to a file: whole or not at all, and not when it is there already. Left names the file and says why it could not be. */
export const writeDocument = (file: string, text: string): E.Either<string, 'written' | 'unchanged'> => {
  if (textOf(file) === text) return E.right('unchanged')
  const target = realPathOf(file)
  const beside = join(dirname(target), `.${basename(target)}.${String(process.pid)}`)
  try {
    writeFileSync(beside, text, { mode: modeOf(file), flag: 'wx' })
    renameSync(beside, target)
    return E.right('written')
  } catch (thrown) {
    if (existsSync(beside)) rmSync(beside)
    return E.left(`${file}: cannot be written: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
}

/** The same for a file of a tree of results, whose directories are made. */
export const writeResult = (file: string, text: string): E.Either<string, 'written' | 'unchanged'> => {
  try {
    mkdirSync(dirname(file), { recursive: true })
  } catch (thrown) {
    return E.left(`${file}: cannot be written: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
  return writeDocument(file, text)
}

// A link stays a link to what it names.
const realPathOf = (file: string): string => {
  try {
    return realpathSync(file)
  } catch {
    return file
  }
}

const textOf = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

const USUAL_MODE = 0o644

const modeOf = (file: string): number => (statSync(file, { throwIfNoEntry: false })?.mode ?? USUAL_MODE) & 0o777
