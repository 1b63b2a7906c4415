import { createHash } from 'node:crypto'
import process from 'node:process'

/** The rooms of src/core, by the globs of their files. */
export const ROOMS = {
  compile: ['src/core/compile/**/*.ts'],
  ...Object.fromEntries(['comparison', 'fullDocument', 'offline', 'translate'].map((file) => [file, [`src/core/${file}.ts`]])),
  'resolve/policy': ['src/core/resolve/policy/**/*.ts'],
  resolve: ['src/core/resolve/*.ts'],
  domain: ['src/core/domain/**/*.ts'],
  field: ['src/core/field/**/*.ts'],
  image: ['src/core/image/**/*.ts'],
  decode: ['src/core/decode/**/*.ts'],
  facts: ['src/core/facts/**/*.ts'],
  plan: ['src/core/plan/**/*.ts'],
  seccomp: ['src/core/seccomp/**/*.ts'],
  cdi: ['src/core/cdi/**/*.ts'],
  job: ['src/core/job/**/*.ts'],
  report: ['src/core/report/**/*.ts'],
  watch: ['src/core/watch/**/*.ts'],
  share: ['src/core/share/**/*.ts'],
  diff: ['src/core/diff/**/*.ts'],
  judge: ['src/core/judge/**/*.ts'],
  provenance: ['src/core/provenance/**/*.ts'],
  format: ['src/core/format/**/*.ts'],
  lock: ['src/core/lock/**/*.ts'],
  live: ['src/core/live/**/*.ts'],
  migrate: ['src/core/migrate/**/*.ts']
}

/** The room of a file, whose path starts with `src/core/`. */
export const roomOf = (file) => {
  const [, , first, second] = file.split('/')
  return first === 'resolve' && second === 'policy' ? 'resolve/policy' : first.replace(/\.ts$/, '')
}

/** Whether a mutant is of the sample of its room, of which `shares` says how large it is: the same for the same seed, on every machine. */
export const isSampled = (shares, fileName, { mutatorName, replacement, location: { start, end } }) => {
  const file = fileName.slice(fileName.lastIndexOf('src/core/'))
  const place = [start.line, start.column, end.line, end.column]
  const text = JSON.stringify([process.env.FC_SEED ?? '1', file, mutatorName, replacement, place])
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32 < (shares[roomOf(file)] ?? 1)
}
