import * as E from 'fp-ts/Either'

import { GROUPS } from '../domain/ceilings'
import { collected } from '../domain/collected'
import { DocumentPath, inAllocation, inImage, inTask } from '../domain/DocumentPath'
import { Issue, Issues } from '../domain/Issue'
import { User } from '../domain/Oci'
import { ImageFacts } from '../facts/Facts'
import { hostIdOf } from '../value/idMappings'
import { UserNamespace } from '../value/UserNamespace'
import * as accounts from './accounts'
import { Request } from './Request'

/**
 * The user of the process: the task's, else the image's; with the groups of its account, of the job and of CDI devices.
 */
export const userOf = (
  request: Request,
  image: ImageFacts,
  devices: ReadonlyArray<number>
): E.Either<Issues, User> =>
  E.chain(({ user, groups }: Found) => withGroups(request, user, groups, devices))(
    collected({ user: accountOf(request, image), groups: groupsOf(request, image) })
  )

interface Found {
  readonly user: User
  readonly groups: ReadonlyArray<number>
}

const accountOf = ({ allocation }: Request, image: ImageFacts): E.Either<Issue, User> => {
  const isNomads = allocation.user !== ''
  const asked = isNomads ? allocation.user : image.config.user
  const at = isNomads ? inAllocation('user') : inImage('config', 'User')
  return E.mapLeft(({ reason, isLookup }: accounts.NoAccount) =>
    isLookup ? lookup(at, asked, reason, ACCOUNTS_HINT) : Issue('BadValue', at, asked, reason)
  )(accounts.userOf(asked, image))
}

const lookup = (at: DocumentPath, name: string | undefined, reason: string, hint: string): Issue => ({
  ...Issue('BadValue', at, name, reason, hint), isLookup: true
})

type NoGroups = ReadonlyArray<readonly [index: number, why: accounts.NoAccount]>

const groupsOf = ({ task }: Request, image: ImageFacts): E.Either<ReadonlyArray<Issue>, ReadonlyArray<number>> =>
  E.mapLeft((none: NoGroups) =>
    none.map(([index, { reason, isLookup }]) => {
      const at = inTask('group_add', index)
      const name = task.group_add[index]
      return isLookup ? lookup(at, name, reason, GROUPS_HINT) : Issue('BadValue', at, name, reason)
    })
  )(accounts.groupsOf(task.group_add, image))

const withGroups = (
  { task }: Request,
  user: User,
  groups: ReadonlyArray<number>,
  devices: ReadonlyArray<number>
): E.Either<Issues, User> => {
  const additionalGids = [...new Set([...user.additionalGids, ...groups, ...devices])]
  if (additionalGids.length > GROUPS)
    return E.left([Issue('BadValue', inTask('group_add'), undefined, tooMany(additionalGids.length))])
  const unmapped = unmappedIds(task.userns.value, [user.uid, user.gid, ...additionalGids])
  if (unmapped.length > 0) {
    const reason = `maps no id of the host to ${unmapped.join(', ')}, which the container needs`
    return E.left([Issue('BadValue', inTask('userns'), task.userns.written, reason)])
  }
  return E.right({ ...user, additionalGids, ...(task.umask === undefined ? {} : { umask: task.umask }) })
}

const tooMany = (groups: number): string =>
  `makes ${String(groups)} groups of the process, with those of its account; Linux takes at most ${String(GROUPS)}`

/** The ids that a process needs and its namespace of users has not: root's, whom the runtime starts as, and its own. */
const unmappedIds = (users: UserNamespace, ids: ReadonlyArray<number>): ReadonlyArray<number> =>
  users._tag === 'Mapped'
    ? [...new Set([0, ...ids])].filter((id) => hostIdOf(users.ranges, id) === undefined)
    : []

const GROUPS_HINT = 'use a number, or give the image\'s file in a facts file: "group": "name:x:1000:"'
const ACCOUNTS_HINT =
  'use numbers (`uid:gid`), or give the image\'s files in a facts file: "passwd": "name:x:1000:1000::/:/bin/sh"'
