import * as E from 'fp-ts/Either'
import * as NEA from 'fp-ts/NonEmptyArray'

import { DocumentPath, inJobFile, pathText, placeIn } from '../../core/domain/DocumentPath'
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
  at.document !== 'plugin'
  && !findings.some(({ option, text }) => rootOf(option) === optionOf(at).path[0] && text.includes(reason))

/** An option of the task's config by its name, any other part of a task by the block in which it stands. */
const optionOf = ({ document, path }: DocumentPath): DocumentPath => {
  if (document !== 'task' && document !== 'allocation') return placeIn(document, ...path)
  return path[0] === 'resources' && path[1] === 'ports' ? inJobFile('ports') : inJobFile(...path)
}

const rootOf = (option: string): string => option.replace(/^task\./, '').split(/[.[]/)[0] ?? ''

/** The option of a finding that holds a refused part already; the part itself where none does. */
const toldOption = ({ findings }: Told) => (at: DocumentPath): string => {
  const { document, path: [first, ...rest] } = optionOf(at)
  const block = first === 'mounts' && findings.some(isMount) ? 'mount' : (first ?? '')
  const plain = pathText(placeIn(document, ...[block, ...rest].filter((step) => typeof step === 'string')))
  const holders = findings.map(({ option }) => option).filter((one) => plain === one || plain.startsWith(`${one}.`))
  return holders.toSorted((a, b) => b.length - a.length)[0] ?? plain
}

/** The job says `mount`, which is `mounts` here. */
const isMount = ({ option }: Finding): boolean => rootOf(option) === 'mount'

/** Without the value, which may be a secret. */
const refusalOf = (option: (at: DocumentPath) => string) => (issues: NEA.NonEmptyArray<Issue>): Finding => {
  const { at, reason, hint } = NEA.head(issues)
  const places = [...new Set(issues.map((issue) => pathText(optionOf(issue.at))))]
  const who = places.some((place) => place !== option(at))
    ? `${places.map((place) => `\`${place}\``).join(', ')} ${places.length === 1 ? 'is' : 'are'} refused here`
    : 'it is refused here'
  return findingOf(option(at), Differs(`${who}: ${reason}${hint === undefined ? '' : `; ${hint}`}`))
}
