import * as E from 'fp-ts/Either'

import { Issue } from '../../core/domain/Issue'
import * as Job from '../../core/job/Job'
import { DRIVER, nameOf, USUAL_PLUGIN } from '../../core/job/ours'
import { toDocuments } from '../../core/job/toDocuments'
import { Finding, isSame } from '../../core/migrate/Finding'
import { Migration, Told } from '../../core/migrate/migrateJob'
import { examine } from '../../core/resolve/Request'

/**
 * What is told of a migration, with what would be refused in the job that it made, under the config of an operator who
 * says nothing.
 */
export const withRefusals = (migration: Migration, made: unknown): Migration => {
  const job = Job.decode(made)
  const places = new Map(E.isRight(job) ? Job.placesOf(job.right).map((place) => [nameOf(place), place]) : [])
  return { ...migration, tasks: migration.tasks.map((told) => ofTask(told, places.get(told.name))) }
}

const ofTask = (told: Told, place: Job.Place | undefined): Told => {
  if (!told.isRewritten || place?.task.Driver !== DRIVER) return told
  const { issues } = examine({ ...toDocuments(place).documents, plugin: USUAL_PLUGIN })
  const known = new Set(told.findings.filter((one) => !isSame(one)).map(({ option }) => rootOf(option)))
  const more = issues.filter(({ at }) => at.startsWith('task.') && !known.has(rootOf(at.slice('task.'.length))))
  return { ...told, findings: [...told.findings, ...more.map(findingOf)] }
}

const rootOf = (option: string): string => option.split(/[.[]/)[0] ?? ''

/** Without the value, which may be a secret. */
const findingOf = ({ at, reason, hint }: Issue): Finding => ({
  option: at.slice('task.'.length),
  tag: 'Differs',
  text: `it is refused here: ${reason}${hint === undefined ? '' : `; ${hint}`}`
})
