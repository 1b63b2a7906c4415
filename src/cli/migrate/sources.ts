import { join } from 'node:path'

import * as E from 'fp-ts/Either'

import { disk } from '../load/Files'
import { jobsIn } from '../load/jobsIn'

/** A job to rewrite: how messages call it, its path below a directory of results, and its text or why there is none. */
export interface Given {
  readonly file: string
  readonly path: string
  readonly text: E.Either<string, string>
  /** What the user named, from where a job asks for files itself. */
  readonly origin: string
}

/** The jobs that the user named: files, `-` for stdin, and all jobs below a directory. */
export const sourcesOf = (inputs: ReadonlyArray<string>): ReadonlyArray<Given> =>
  inputs.flatMap((input): ReadonlyArray<Given> =>
    disk.isDirectory(input) ? inDirectory(input) : [given(input, input)]
  )

const inDirectory = (dir: string): ReadonlyArray<Given> => {
  const names = jobsIn(dir)
  const file = disk.label(dir)
  const none = `${file}: is a directory without jobs: no file below it has a \`job\` block`
  return names.length === 0
    ? [{ file, path: dir, text: E.left(none), origin: dir }]
    : names.map((name) => given(join(dir, name), name))
}

const given = (file: string, path: string): Given => ({
  file: disk.label(file), path: inside(path), text: disk.read(file), origin: file
})

/** A path that stays below the directory to which it is joined. */
const inside = (path: string): string =>
  path
    .split(/[/\\]/)
    .filter((part) => part !== '' && part !== '.')
    .map((part) => (part === '..' ? '__' : part))
    .join('/')
