import * as E from 'fp-ts/Either'

import * as Job from '../core/job/Job'
import { nameOf, oursOf, USUAL_PLUGIN } from '../core/job/ours'
import { toDocuments } from '../core/job/toDocuments'
import { plainMembers } from './plain'
import { JobTask, JobTasks, Refused } from './Result'
import { toldDocuments, toldIssue, toldNotice } from './Told'

/**
 * The tasks of a Nomad job (HTTP API or `nomad job run -output`, bare or under `Job`), each with the three documents
 * that `compile` takes. `plugin` is the operator's config as JSON. Refuses what is no job; a job without a task of this
 * driver has none.
 */
export const jobTasks = (job?: unknown, plugin: unknown = USUAL_PLUGIN): JobTasks | Refused => {
  const read = plainMembers({ job, plugin })
  if (E.isLeft(read)) return { ok: false, issues: read.left.map(toldIssue), notices: [] }
  const decoded = Job.decode(job)
  if (E.isLeft(decoded)) return { ok: false, issues: decoded.left.map(toldIssue), notices: [] }
  const { ours, notices } = oursOf(decoded.right)
  return { ok: true, tasks: ours.map((place) => toTask(place, plugin)), notices: notices.map(toldNotice) }
}

const toTask = (place: Job.Place, plugin: unknown): JobTask => {
  const { documents, notices, spread } = toDocuments(place)
  const told = toldDocuments({ ...documents, plugin })
  return { name: nameOf(place), documents: told, notices: notices.map(toldNotice), spread }
}
