import { createHash, scryptSync } from 'node:crypto'
import { readFileSync } from 'node:fs'

import * as E from 'fp-ts/Either'

import { disk } from '../load/Files'
import { wasmPath } from '../load/parseAll'
import { variablesOf } from '../load/variablesOf'
import { goldenOf, loadOptionsOf, Suite, within } from './Suite'

declare const __BUILD__: string

/**
 * One number for a job, all that decides what its tasks come to, and their goldens as they are: two alike were compared
 * alike. Undefined where something else may decide too, or cannot be read.
 */
export type Fingerprint = (job: string, tasks: ReadonlyArray<string>) => string | undefined

/** How jobs of a suite are numbered; undefined where what surrounds them cannot be read. */
export const fingerprintIn = (suite: Suite): Fingerprint | undefined => {
  const key = surroundingsKey(suite)
  return key === undefined ? undefined : (job, tasks) => {
    const texts = [within(suite, job), ...tasks.map((task) => goldenOf(suite, job, task))].map(disk.read)
    const [text, ...goldens] = texts.flatMap((one) => (E.isRight(one) ? [one.right] : []))
    if (text === undefined || goldens.length < tasks.length || ASKS_MORE.test(text)) return undefined
    return createHash('sha256').update(JSON.stringify([key, job, text, tasks, goldens])).digest('hex')
  }
}

/**
 * Functions of HCL whose result the job's text does not decide: what reads files or the working directory, and what
 * throws dice. A mere mention is enough.
 */
const ASKS_MORE = /\b(?:abspath|bcrypt|file|filebase64|fileexists|fileset|pathexpand|uuidv4)\b\s*[(/#]/

/** What decides for all jobs of a suite. Variables may be secret, and the number is stored: it takes long to guess. */
const surroundingsKey = (suite: Suite): string | undefined => {
  const variables = variablesOf(loadOptionsOf(suite))
  const { plugin, facts, lock } = loadOptionsOf(suite)
  const files = [suite.file, plugin, facts, lock].flatMap((file) => (file === undefined ? [] : [file]))
  const texts = files.map(disk.read)
  if (E.isLeft(variables) || texts.some(E.isLeft)) return undefined
  const { envs, vars, varFiles } = variables.right
  const sources = varFiles.map(({ source }) => source)
  const decides = [__BUILD__, parser(), vars, sources, [...envs].sort(), texts]
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
