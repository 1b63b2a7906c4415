import * as E from 'fp-ts/Either'
import * as NEA from 'fp-ts/NonEmptyArray'

import { Issue } from '../../core/domain/Issue'
import { examineOffline } from '../../core/examineOffline'
import { none } from '../../core/facts/Facts'
import * as ImageConfig from '../../core/image/ImageConfig'
import * as Job from '../../core/job/Job'
import { DRIVER, nameOf, USUAL_PLUGIN } from '../../core/job/ours'
import { toDocuments } from '../../core/job/toDocuments'
import { byOption, Finding, findingOf } from '../../core/migrate/Finding'
import { Migration, Told } from '../../core/migrate/migrateJob'
import { Differs } from '../../core/migrate/rows/Verdict'

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
  const documents = { ...toDocuments(place).documents, plugin: USUAL_PLUGIN }
  const { issues } = examineOffline({ documents, facts: none, image: ImageConfig.placeholder })
  const option = toldOption(told)
  const more = NEA.groupBy(({ at, reason }: Issue) => `${option(at)} ${reason}`)(issues.filter(isJobs(told)))
  return { ...told, findings: byOption([...told.findings, ...Object.values(more).map(refusalOf(option))]) }
}

/** Whether a refusal is the job's own doing, and not told yet. */
const isJobs = ({ findings }: Told) => ({ at, reason }: Issue): boolean =>
  !at.startsWith('plugin')
  && !findings.some(({ option, text }) => rootOf(option) === rootOf(optionOf(at)) && text.includes(reason))

/** An option of the task's config by its name, any other part of a task by the block in which it stands. */
const optionOf = (at: string): string =>
  at.replace(/^(?:task|allocation)\./, '').replace(/^resources\.ports.*/, 'ports')

const rootOf = (option: string): string => option.replace(/^task\./, '').split(/[.[]/)[0] ?? ''

/** The option of a finding that holds a refused part already; the part itself where none does. */
const toldOption = ({ findings }: Told) => (at: string): string => {
  const part = optionOf(at).replace(/^mounts(?=[.[]|$)/, findings.some(isMount) ? 'mount' : 'mounts')
  const plain = part.replaceAll(/\[\d+\]/g, '')
  const holders = findings.map(({ option }) => option).filter((one) => plain === one || plain.startsWith(`${one}.`))
  return holders.toSorted((a, b) => b.length - a.length)[0] ?? plain
}

/** The job says `mount`, which is `mounts` here. */
const isMount = ({ option }: Finding): boolean => rootOf(option) === 'mount'

/** Without the value, which may be a secret. */
const refusalOf = (option: (at: string) => string) => (issues: NEA.NonEmptyArray<Issue>): Finding => {
  const { at, reason, hint } = NEA.head(issues)
  const places = [...new Set(issues.map((issue) => optionOf(issue.at)))]
  const who = places.some((place) => place !== option(at))
    ? `${places.map((place) => `\`${place}\``).join(', ')} ${places.length === 1 ? 'is' : 'are'} refused here`
    : 'it is refused here'
  return findingOf(option(at), Differs(`${who}: ${reason}${hint === undefined ? '' : `; ${hint}`}`))
}
