import { namesOf } from '../diff/filterEntries'
import { at, isJsonList, isJsonRecord, Json, member } from '../domain/Json'

/** How much an action lets through: `open` runs the call, `shut` does not, `asked` leaves it to somebody else. */
export type Leave = 'open' | 'shut' | 'asked'

const OPEN: ReadonlyArray<string> = ['', 'SCMP_ACT_ALLOW', 'SCMP_ACT_LOG']
const SHUT: ReadonlyArray<string> = [
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_KILL',
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_KILL_THREAD',
  'SCMP_ACT_TRAP'
]

/** What an action lets through. Without any, runc loads no filter. */
export const leaveOf = (action: Json | undefined): Leave => {
  const name = typeof action === 'string' ? action : ''
  if (OPEN.includes(name)) return 'open'
  return SHUT.includes(name) ? 'shut' : 'asked'
}

/** What a document says of a user whom only an unknown image names. */
export const UNKNOWN_USER = 'unknown image'

/** What of a whole document says how a change in it is to be judged. */
export interface Known {
  readonly spec: Json | undefined
  /** The mode of the group's network, as the job has it; `host` where it says nothing. */
  readonly groupNetwork: string
  /** Who says which user it is: `task`, `image`, or an image of which nothing is known; `""` where nobody tells. */
  readonly user: string
  readonly image: string
  /** Paths of the files that the driver makes for the container: no job and no host wrote them. */
  readonly files: ReadonlySet<string>
  /** The mount at each destination, the last one where there are several. */
  readonly mountAt: ReadonlyMap<string, Json>
  readonly mountCount: number
  /** Namespaces by their type, with the path of the one that is joined. */
  readonly namespaces: ReadonlyMap<string, string>
  readonly otherwise: Leave
  /** System calls that some rule treats in another way than the rest is treated. */
  readonly exceptions: ReadonlySet<string>
}

/** What is known of a document, found once for all its changes. */
export const known = (document: Json): Known => {
  const spec = isJsonRecord(document) && !Object.hasOwn(document, 'spec') ? document : member(document, 'spec')
  const mounts = list(member(spec, 'mounts'))
  const otherwise = leaveOf(at(spec, 'linux', 'seccomp', 'defaultAction'))
  return {
    spec,
    groupNetwork: word(at(document, 'job', 'group', 'network', 'mode')) || 'host',
    user: word(member(document, 'user')),
    image: word(at(document, 'container', 'image', 'name')),
    files: new Set(list(spec === document ? undefined : member(document, 'mounts')).flatMap(fileOf)),
    mountAt: new Map(mounts.map((mount) => [word(member(mount, 'destination')), mount])),
    mountCount: mounts.length,
    namespaces: new Map(
      list(at(spec, 'linux', 'namespaces')).map((one) => [word(member(one, 'type')), word(member(one, 'path'))])
    ),
    otherwise,
    exceptions: new Set(
      list(at(spec, 'linux', 'seccomp', 'syscalls')).flatMap((rule) =>
        leaveOf(member(rule, 'action')) === otherwise ? [] : namesOf(rule)
      )
    )
  }
}

const list = (value: Json | undefined): ReadonlyArray<Json> => (isJsonList(value) ? value : [])

const word = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

const fileOf = (thing: Json): ReadonlyArray<string> =>
  member(thing, '_tag') === 'File' ? [word(member(thing, 'path'))] : []
