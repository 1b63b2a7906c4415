import { createHash } from 'node:crypto'
import fs from 'node:fs'
import process from 'node:process'

const CORE = new URL('../../src/core/', import.meta.url)

/** The rooms of src/core, by the glob of their files: each folder is one, and each file beside them. */
export const ROOMS = Object.fromEntries(fs.readdirSync(CORE, { withFileTypes: true }).map((entry) => entry.isDirectory()
  ? [entry.name, `src/core/${entry.name}/**/*.ts`]
  : [entry.name.replace(/\.ts$/, ''), `src/core/${entry.name}`]))

/** The room of a file, whose path starts with `src/core/`. */
export const roomOf = (file) => file.split('/')[2].replace(/\.ts$/, '')

/** Whether a mutant is of the sample of its room, of which `shares` says how large it is: the same for the same seed, on every machine. */
export const isSampled = (shares, fileName, { mutatorName, replacement, location: { start, end } }) => {
  const file = fileName.slice(fileName.lastIndexOf('src/core/'))
  const place = [start.line, start.column, end.line, end.column]
  const text = JSON.stringify([process.env.FC_SEED ?? '1', file, mutatorName, replacement, place])
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32 < (shares[roomOf(file)] ?? 1)
}
