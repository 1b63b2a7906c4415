import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

import { HostFacts } from '../../core/facts/Facts'
import { hostFacts } from './hostFacts'

const ANSWER_MS = 5000

/** The answers of programs, by what each file is: one that was replaced is asked again. */
const answers = new Map<string, Promise<string | undefined>>()

/** What this host is, with the version of its runc. */
export const hostAndRunc = async (): Promise<HostFacts> => {
  const runc = await runcVersion()
  return { ...hostFacts(), ...(runc === undefined ? {} : { runc }) }
}

/**
 * The version of the runc on PATH, as it says itself (`1.1.5+ds1`); undefined where there is none that answers within 5
 * seconds.
 */
export const runcVersion = (path = process.env['PATH'] ?? ''): Promise<string | undefined> => {
  const [found] = path.split(delimiter).flatMap((directory) => program(join(directory, 'runc')))
  if (found === undefined) return Promise.resolve(undefined)
  const answer = answers.get(found.key) ?? ask(found.file)
  answers.clear()
  answers.set(found.key, answer)
  return answer
}

const EXECUTABLE = 0o111

/** The program at a path; none where there is none, or where this process may not look. */
const program = (file: string): ReadonlyArray<{ readonly file: string; readonly key: string }> => {
  try {
    const { ino, size, mtimeMs, mode } = statSync(file)
    return (mode & EXECUTABLE) === 0 ? [] : [{ file, key: [file, ino, size, mtimeMs].join(' ') }]
  } catch {
    return []
  }
}

const ask = (file: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    execFile(
      file,
      ['--version'],
      { timeout: ANSWER_MS, killSignal: 'SIGKILL', env: {}, maxBuffer: 64 * 1024 },
      (error, stdout) => {
        resolve(error === null ? /^runc version (\S{1,64})$/m.exec(stdout)?.[1] : undefined)
      }
    )
  })
