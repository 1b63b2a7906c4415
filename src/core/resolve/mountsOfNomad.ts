import * as E from 'fp-ts/Either'

import { Issue, IssueTag } from '../domain/Issue'
import { clean } from '../domain/path'
import { repeated } from '../domain/repetition'
import { about, Facts } from '../facts/Facts'
import { wholeOfKernel, wrongTarget } from '../policy/mountTargets'
import { isInside } from '../wanted/allocationPaths'
import { NomadMount, nomadMounts, NOMADS_OWN } from '../wanted/nomadMounts'
import { movedTo } from './bindSource'
import { Request } from './Request'
import { boundBy, TaskMount } from './Task'

type Outcome = E.Either<Issue, TaskMount>

/** The mounts of Nomad's. Their paths come from task names, volumes and plugins: not every one is a place for a mount. */
export const mountsOfNomad = (request: Request, facts: Facts): ReadonlyArray<Outcome> => {
  const all = nomadMounts(request.allocation)
  const twins = repeated(all.map(({ destination }) => destination))
  return all.map((mount, index) => checked(mount, twins[index] === true, request, facts))
}

const MOVED =
  "a job that sets NOMAD_ALLOC_DIR, NOMAD_TASK_DIR or NOMAD_SECRETS_DIR in `env`, or puts a link in the place of a directory of Nomad's, does not start"

const checked = (mount: NomadMount, twin: boolean, { allocation }: Request, facts: Facts): Outcome => {
  const { at, destination, source } = mount
  const refuse = (tag: IssueTag, value: string, reason: string): Outcome =>
    E.left(Issue(tag, at, value, reason, at === NOMADS_OWN ? MOVED : undefined))
  if (twin) return refuse('Conflict', destination, 'is a place where Nomad mounts something else too')
  const wrong = wrongTarget(destination) ?? (at === NOMADS_OWN ? wholeOfKernel(destination) : undefined)
  if (wrong !== undefined) return refuse('BadValue', destination, wrong)
  const where = about(facts.paths, clean(source))
  const moved =
    where === undefined || !isInside(allocation, clean(source))
      ? undefined
      : movedTo(where, clean(source), allocation, facts)
  return moved === undefined
    ? E.right(boundBy('nomad', mount))
    : refuse('RefusedByPolicy', source, `is not where Nomad made it: ${moved}`)
}
