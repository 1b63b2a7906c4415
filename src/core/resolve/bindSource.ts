import * as E from 'fp-ts/Either'

import { Allocation } from '../decode/Allocation'
import { sha256Hex } from '../domain/digest'
import { Issue, IssueTag, RefusedBy } from '../domain/Issue'
import { PINS } from '../domain/mark'
import { clean, isWithin } from '../domain/path'
import { about, Facts, PathFacts } from '../facts/Facts'
import { canBeSwapped } from '../policy/allocation'
import { hostPathRefusal } from '../policy/hostPaths'
import { Policy } from '../policy/Policy'
import { isInside } from '../wanted/allocationPaths'
import { containerIdOf } from '../wanted/identity'
import { WantedMount } from '../wanted/wantedMounts'
import { Request } from './Request'
import { Pin, TaskMount } from './Task'

/** What a bind has as its source: the path itself, or a place of the driver's to which it is pinned. */
export type BindSource = Pick<TaskMount, 'source' | 'pin'>

/** Where a bind leads: inside the allocation by no link, elsewhere where the operator lets it, links followed. */
export const bindSource = (
  mount: WantedMount,
  path: string,
  request: Request,
  facts: Facts
): E.Either<Issue, BindSource> => {
  const where = about(facts.paths, path)
  if (where === undefined)
    return E.left(refusal(mount, 'BadValue', 'nobody said what is there', factsHint(path, 'directory')))
  const checked = isInside(request.allocation, path)
    ? inside(mount, path, where, request, facts)
    : outside(mount, path, where, request, facts)
  return E.chain((real: Pin) =>
    isSwappable(path, real.source, request, facts)
      ? pinned(mount, real, request)
      : E.right({ source: real.source, pin: undefined })
  )(checked)
}

const isSwappable = (path: string, real: string, { allocation, policy }: Request, facts: Facts): boolean =>
  canBeSwapped(path, allocation, policy) || spellings(allocation, facts).some((one) => canBeSwapped(real, one, policy))

/** The allocation by the path that Nomad says, and by the one where its links lead. */
const spellings = (allocation: Allocation, facts: Facts): ReadonlyArray<Allocation> =>
  [allocation, { ...allocation, allocDir: realOf(allocation.allocDir, facts) }]

const pinned = (mount: WantedMount, real: Pin, request: Request): E.Either<Issue, BindSource> => {
  const shared = mount.options.find((option) => option === 'shared' || option === 'rshared')
  return shared === undefined
    ? E.right({ source: pinPlace(request, mount.target), pin: real })
    : E.left(
        Issue(
          'BadValue',
          mount.at.options,
          shared,
          'is not possible for a source that a task could swap',
          'list that very path in the plugin option `volumes.allowed_paths`'
        )
      )
}

/** Where a source is pinned: a place of this container's own, by what it is mounted at. */
const pinPlace = ({ plugin, allocation }: Request, target: string): string =>
  clean(`${plugin.state_dir}/${containerIdOf(allocation)}/${PINS}/${sha256Hex(clean(target)).slice(0, PLACE_DIGITS)}`)

const PLACE_DIGITS = 12

const refusal = ({ source, at }: WantedMount, tag: IssueTag, reason: string, hint?: string): Issue =>
  Issue(tag, at.source, source, reason, hint)

const inside = (
  mount: WantedMount,
  path: string,
  where: PathFacts,
  { allocation }: Request,
  facts: Facts
): E.Either<Issue, Pin> => {
  const moved = movedTo(where, path, allocation, facts)
  if (moved !== undefined)
    return E.left(refusal(mount, 'RefusedByPolicy', moved, 'bind the directory that is meant itself'))
  return isThere(where) ? E.right({ source: clean(where.realPath), kind: where.kind }) : absent(mount, path)
}

const isThere = (where: PathFacts): where is Extract<PathFacts, { readonly realPath: string }> => 'realPath' in where

const absent = (mount: WantedMount, path: string): E.Either<Issue, never> =>
  E.left(refusal(mount, 'BadValue', `does not exist on the host (${path})`, 'make it, or use a volume'))

/** What is said of a path of the allocation that is not where its name says; undefined when it is. */
export const movedTo = (where: PathFacts, path: string, { allocDir }: Allocation, facts: Facts): string | undefined => {
  const dir = clean(allocDir)
  if (where.kind === 'link')
    return `${where.at.slice(dir.length + 1)} is a link, and no link is followed in the allocation`
  if (where.kind === 'absent') return undefined
  const real = clean(where.realPath)
  const expected = [path, clean(`${realOf(dir, facts)}${path.slice(dir.length)}`)]
  return expected.includes(real) ? undefined : `a link leads to ${real}, and no link is followed in the allocation`
}

/** Where a task may have made a link, what it leads to is not told: whether a file of the host exists would be. */
const outside = (
  mount: WantedMount,
  path: string,
  where: PathFacts,
  request: Request,
  facts: Facts
): E.Either<Issue, Pin> => {
  const { allocation, policy } = request
  const isOpen = canBeSwapped(path, allocation, policy)
  const unseen = E.left(
    RefusedBy(
      'volumes.allowed_paths',
      mount.at.source,
      mount.source,
      NOT_THERE,
      'make it, or ask the operator to list it'
    )
  )
  if (!isThere(where)) return isOpen ? unseen : absent(mount, path)
  const real = clean(where.realPath)
  const [refused] = spellings(allocation, facts).flatMap((one) =>
    hostPathRefusal(real, mount.source, mount.at.source, policy, one)
  )
  if (refused === undefined || isNamed(path, real, policy, facts)) return E.right({ source: real, kind: where.kind })
  return isOpen ? unseen : E.left({ ...refused, reason: `leads to ${real}, and that: ${refused.reason}` })
}

const NOT_THERE = 'does not exist on the host, or is a link out of what the plugin option `volumes.allowed_paths` lists'

/**
 * Whether an allowed path holds this one where its own links lead. One that lies in another allowed path does not
 * count: who may
 * write there could make it lead anywhere.
 */
const isNamed = (path: string, real: string, { volumes }: Policy, facts: Facts): boolean => {
  const all = volumes.allowed_paths.map(clean)
  return (
    volumes.enabled
    && all.some(
      (allowed) =>
        isWithin(allowed, path)
        && !all.some((other) => other !== allowed && isWithin(other, allowed))
        && isWithin(realOf(allowed, facts), real)
    )
  )
}

/** Where a path leads, as far as anybody said. */
const realOf = (path: string, facts: Facts): string => {
  const there = about(facts.paths, clean(path))
  return there === undefined || !('realPath' in there) ? clean(path) : clean(there.realPath)
}

export const factsHint = (path: string, kind: 'file' | 'directory'): string =>
  `add to the facts file: "paths": { ${JSON.stringify(path)}: { "kind": "${kind}", "realPath": ${JSON.stringify(path)} } }`
