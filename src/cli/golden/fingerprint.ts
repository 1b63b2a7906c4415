import { createHash, scryptSync } from 'node:crypto'
import { readFileSync } from 'node:fs'

import * as E from 'fp-ts/Either'

import { disk } from '../load/Files'
import { wasmPath } from '../load/parseAll'
import { variablesOf } from '../load/variablesOf'
import { loadOptionsOf, Suite } from './Suite'

declare const __BUILD__: string

/** A job's text, the names of its tasks in the order of the job, and the text of each one's golden. */
export interface Settled {
  readonly job: string
  readonly text: string
  readonly tasks: ReadonlyArray<string>
  readonly goldens: ReadonlyArray<string>
}

/**
 * One number for a job, all that decides what its tasks come to, and their goldens: two alike were compared alike.
 * Undefined where something else may decide too. `key` is that of what surrounds the job.
 */
export const fingerprint = (key: string, { job, text, tasks, goldens }: Settled): string | undefined =>
  ASKS_MORE.test(text)
    ? undefined
    : createHash('sha256').update(JSON.stringify([key, job, text, tasks, goldens])).digest('hex')

/**
 * Functions of HCL whose result the job's text does not decide: what reads files or the working directory, and what
 * throws dice. A mere mention is enough.
 */
const ASKS_MORE = /\b(?:abspath|bcrypt|file|filebase64|fileexists|fileset|pathexpand|uuidv4)\b\s*[(/#]/

/**
 * What decides for all jobs of a suite; undefined where it cannot be read. Variables may be secret, and what is made of
 * this is stored: it takes long to guess.
 */
export const surroundingsKey = (suite: Suite): string | undefined => {
  const options = loadOptionsOf(suite)
  const variables = variablesOf(options)
  const { plugin, facts, lock } = options
  const texts = [plugin, facts, lock].map((file) => (file === undefined ? undefined : disk.read(file)))
  if (E.isLeft(variables) || texts.some((text) => text !== undefined && E.isLeft(text))) return undefined
  const { envs, vars, varFiles } = variables.right
  const sources = varFiles.map(({ source }) => source)
  const decides = [__BUILD__, parser(), suite.config, vars, sources, [...envs].sort(), texts]
  return scryptSync(JSON.stringify(decides), 'containerd-driver golden', 32).toString('hex')
}

/** The parser's own bytes decide too; without it only JSON is read. */
const parser = (): string => {
  try {
    return createHash('sha256').update(readFileSync(wasmPath())).digest('hex')
  } catch {
    return ''
  }
}
