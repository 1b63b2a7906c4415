import { extname } from 'node:path'

import { Migration } from '../../core/migrate/migrateJob'
import { allAsJson, asJson, asMarkdown, asText } from '../../core/migrate/report'

/** A job by the name that messages give its file, and what became of its tasks. */
export interface Reported {
  readonly file: string
  readonly migration: Migration
}

/** The report of one job, or of several with the name of each, as the ending of its file says. */
export const reportFor = (file: string, done: ReadonlyArray<Reported>, several: boolean): string => {
  const ending = extname(file)
  if (ending === '.md') return joined(done, several, asMarkdown, (name) => `# ${name}\n\n`)
  if (ending !== '.json') return reportText(done, several)
  const [first] = done
  return several || first === undefined
    ? allAsJson(done.map(({ file: name, migration }) => [name, migration]))
    : asJson(first.migration)
}

/** The report for a terminal. */
export const reportText = (done: ReadonlyArray<Reported>, several: boolean): string =>
  joined(done, several, asText, (name) => `${name}:\n`)

const joined = (
  done: ReadonlyArray<Reported>,
  several: boolean,
  report: (migration: Migration) => string,
  head: (file: string) => string
): string =>
  done.map(({ file, migration }) => `${several ? head(file) : ''}${report(migration)}`).join(several ? '\n' : '')
