import * as E from 'fp-ts/Either'

import { compareText } from '../domain/compareText'
import { inTask } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { Rlimit } from '../domain/Oci'
import { UNLIMITED } from '../domain/rlimits'
import { HostFacts } from '../facts/Facts'
import { NamedUlimit, NONE, Ulimit } from '../value/Ulimit'

type Limits = Readonly<Record<string, Ulimit>>

const OPEN_FILES: Limits = { RLIMIT_NOFILE: { soft: 1024, hard: 524_288 } }

/**
 * The limits of the process, sorted by name: the job's, then the operator's, then 1024:524288 open files. What the job
 * asks for and the host cannot grant is an Issue; a default is lowered to what the host grants.
 */
export const rlimitsOf = (
  task: ReadonlyArray<NamedUlimit>,
  operator: ReadonlyArray<NamedUlimit>,
  host: HostFacts
): ReadonlyArray<E.Either<Issue, Rlimit>> => {
  const own = byName(task)
  const all = { ...OPEN_FILES, ...byName(operator), ...own }
  return Object.entries(all)
    .sort(([a], [b]) => compareText(a, b))
    .map(([type, limit]) =>
      own[type] === undefined
        ? E.right(toOci(type, lowered(limit, grantable(type, host))))
        : granted(type, limit, host))
}

const byName = (limits: ReadonlyArray<NamedUlimit>): Limits =>
  Object.fromEntries(limits.map(({ type, soft, hard }) => [type, { soft, hard }]))

/**
 * The highest hard limit that this host can give: its own, unless it may raise limits; the kernel's ceiling of open
 * files always holds.
 */
const grantable = (type: string, host: HostFacts): number => {
  const own = type === 'RLIMIT_NOFILE' ? host.openFilesLimit : (host.hardLimits[type] ?? NONE)
  return type !== 'RLIMIT_NOFILE' && host.capabilities.includes('CAP_SYS_RESOURCE') ? NONE : own
}

const exceeds = (limit: number, most: number): boolean => most !== NONE && (limit === NONE || limit > most)

const least = (limit: number, most: number): number => (exceeds(limit, most) ? most : limit)

const lowered = ({ soft, hard }: Ulimit, most: number): Ulimit => ({ soft: least(soft, most), hard: least(hard, most) })

const granted = (type: string, limit: Ulimit, host: HostFacts): E.Either<Issue, Rlimit> => {
  const most = grantable(type, host)
  const name = type.slice('RLIMIT_'.length).toLowerCase()
  return exceeds(limit.hard, most)
    ? E.left(
        Issue(
          'BadValue',
          inTask('ulimit', name),
          spoken(limit),
          `is more than this host can grant, ${String(most)}`,
          'ask for less, or raise the limit of containerd'
        )
      )
    : E.right(toOci(type, limit))
}

const spoken = ({ soft, hard }: Ulimit): string => `${String(soft)}:${String(hard)}`

const toOci = (type: string, { soft, hard }: Ulimit): Rlimit => ({ hard: kernels(hard), soft: kernels(soft), type })

const kernels = (limit: number): number | bigint => (limit === NONE ? UNLIMITED : limit)
