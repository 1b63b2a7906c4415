import { extname } from 'node:path'

import * as E from 'fp-ts/Either'

import { Migration } from '../../core/migrate/migrateJob'
import { asJson, asMarkdown, asText, isAllEqual } from '../../core/migrate/report'
import { readText } from '../load/readText'
import { lines } from '../load/Surroundings'
import { variablesOf } from '../load/variablesOf'
import { Output, refused } from '../output/Output'
import { writeDocument } from '../output/writeDocument'
import { Migrated, migrateHcl, migrateJson } from './newSource'

/** What `migrate` is told beside the job: files for the report and for the new job, and the variables of an HCL job. */
export interface MigrateOptions {
  readonly report?: string
  readonly output?: string
  readonly var?: ReadonlyArray<string>
  readonly varFile?: ReadonlyArray<string>
}

/**
 * `migrate`: the job with its docker tasks rewritten for this driver. Exit code 0 when all is equal, 1 when something
 * is not.
 */
export const migrateCommand = async (input: string, options: MigrateOptions): Promise<Output> => {
  const made = await migrated(input, options)
  if (E.isLeft(made)) return refused(made.left.endsWith('\n') ? made.left : `${made.left}\n`)
  const { source, migration } = made.right
  const unwritten = [
    ...(options.output === undefined ? [] : written('-o', options.output, source)),
    ...(options.report === undefined ? [] : written('--report', options.report, reportFor(options.report, migration)))
  ]
  if (unwritten.length > 0) return refused(unwritten.join(''))
  return {
    stdout: options.output === undefined ? source : '',
    stderr: options.report === undefined ? asText(migration) : '',
    exitCode: isAllEqual(migration) ? 0 : 1
  }
}

const migrated = async (input: string, options: MigrateOptions): Promise<E.Either<string, Migrated>> => {
  const { report } = options
  if (report !== undefined && !['.md', '.json', '.txt'].includes(extname(report))) {
    return E.left(`--report ${report}: its ending says how it is written; use .md, .json or .txt`)
  }
  const variables = variablesOf(options)
  if (E.isLeft(variables)) return E.left(lines(variables.left))
  const text = readText(input)
  if (E.isLeft(text)) return text
  return text.right.trimStart().startsWith('{')
    ? migrateJson(input, text.right)
    : migrateHcl(input, text.right, variables.right)
}

const reportFor = (file: string, migration: Migration): string => {
  if (extname(file) === '.json') return asJson(migration)
  return extname(file) === '.md' ? asMarkdown(migration) : asText(migration)
}

const written = (option: string, file: string, text: string): ReadonlyArray<string> => {
  const outcome = writeDocument(file, text)
  return E.isLeft(outcome) ? [`${option} ${outcome.left}\n`] : []
}
