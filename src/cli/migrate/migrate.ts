import { extname, join } from 'node:path'

import * as E from 'fp-ts/Either'

import { isAllEqual } from '../../core/migrate/report'
import { disk } from '../load/Files'
import { isJson, Variables } from '../load/parseAll'
import { reachOf } from '../load/reachOf'
import { lines } from '../load/Surroundings'
import { variablesOf } from '../load/variablesOf'
import { Output, refused } from '../output/Output'
import { sharedFiles } from '../output/resultFile'
import { writeDocument, writeResult } from '../output/writeDocument'
import { migrateHcl } from './hclSources'
import { migrateJson } from './jsonSource'
import { Migrated, Source } from './Migrated'
import { Reported, reportFor, reportText } from './reports'
import { Given, sourcesOf } from './sources'

/** What `migrate` is told beside the jobs: where report and jobs go, and the variables of HCL jobs. */
export interface MigrateOptions {
  readonly report?: string
  readonly output?: string
  readonly var?: ReadonlyArray<string>
  readonly varFile?: ReadonlyArray<string>
  readonly filesBelow?: ReadonlyArray<string>
}

/** A job that was rewritten, and where it would stand below a directory of results. */
interface Done extends Reported {
  readonly path: string
  readonly source: string
}

/**
 * `migrate`: jobs with their docker and podman tasks rewritten for this driver. Exit code 0 when every option means the
 * same, 1 when something does not, 2 when a job cannot be read. Several jobs, or those below a directory, are written
 * with `-o DIR`.
 */
export const migrateCommand = async (inputs: ReadonlyArray<string>, options: MigrateOptions): Promise<Output> => {
  const wrong = wrongReport(options)
  if (wrong !== undefined) return refused(wrong)
  const variables = variablesOf(options)
  if (E.isLeft(variables)) return refused(lines(variables.left))
  const given = sourcesOf(inputs)
  const results = await migrated(given, variables.right, options.filesBelow ?? [])
  const faults = results.flatMap((one) => (E.isLeft(one) ? [one.left] : []))
  const done = results.flatMap((one) => (E.isRight(one) ? [one.right] : []))
  if (done.length === 0) return refused(lines(faults))
  return told(done, lines(faults), isSeveral(inputs, given), options)
}

const wrongReport = ({ report }: MigrateOptions): string | undefined =>
  report === undefined || ['.md', '.json', '.txt'].includes(extname(report))
    ? undefined
    : `--report ${report}: its ending says how it is written; use .md, .json or .txt\n`

/** Whether the results are a tree: one job of a directory is one too. */
const isSeveral = (inputs: ReadonlyArray<string>, given: ReadonlyArray<Given>): boolean =>
  given.length > 1 || inputs.some((input) => disk.isDirectory(input))

const migrated = async (
  given: ReadonlyArray<Given>,
  variables: Variables,
  below: ReadonlyArray<string>
): Promise<ReadonlyArray<E.Either<string, Done>>> => {
  const texts = given.map(({ file, text, origin }) =>
    E.map((read: string): Source => ({ file, text: read, reach: () => reachOf(disk.tree, origin, below) }))(text)
  )
  const sources = texts.flatMap((one) => (E.isRight(one) ? [one.right] : []))
  const hcl = sources.filter(({ text }) => !isJson(text))
  const rewritten = await migrateHcl(hcl, variables)
  const made = new Map(hcl.map((source, index) => [source, rewritten[index]]))
  return texts.map((one, index) =>
    E.chain((source: Source) =>
      E.map((result: Migrated): Done => ({ file: source.file, path: given[index]?.path ?? '', ...result }))(
        made.get(source) ?? migrateJson(source)
      )
    )(one)
  )
}

const told = (
  done: ReadonlyArray<Done>,
  faults: string,
  several: boolean,
  { output, report }: MigrateOptions
): Output => {
  const unwritten = [
    ...(output === undefined ? [] : jobsWritten(output, done, several)),
    ...(report === undefined ? [] : written('--report', report, reportFor(report, done, several)))
  ]
  if (unwritten.length > 0) return refused(faults + unwritten.join(''))
  const exitCode = done.every(({ migration }) => isAllEqual(migration)) ? 0 : 1
  const unsaid = several && output === undefined ? 'The jobs are written with -o DIR.\n' : ''
  return {
    stdout: output === undefined && !several ? (done[0]?.source ?? '') : '',
    stderr: faults + (report === undefined ? reportText(done, several) : '') + unsaid,
    exitCode: faults === '' ? exitCode : 2
  }
}

const jobsWritten = (output: string, done: ReadonlyArray<Done>, several: boolean): ReadonlyArray<string> =>
  several ? treeWritten(output, done) : written('-o', output, done[0]?.source ?? '')

const treeWritten = (dir: string, done: ReadonlyArray<Done>): ReadonlyArray<string> => {
  const files = done.map(({ file, path }) => ({ name: file, file: join(dir, path) }))
  const shared = sharedFiles(files)
  if (shared.length > 0) return shared.map((text) => `-o ${text}\n`)
  return done.flatMap(({ path, source }) => faultOf('-o', writeResult(join(dir, path), source)))
}

const written = (option: string, file: string, text: string): ReadonlyArray<string> =>
  faultOf(option, writeDocument(file, text))

const faultOf = (option: string, outcome: E.Either<string, unknown>): ReadonlyArray<string> =>
  E.isLeft(outcome) ? [`${option} ${outcome.left}\n`] : []
