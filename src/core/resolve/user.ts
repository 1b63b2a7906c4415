import * as E from 'fp-ts/Either'

import { isLonger } from '../domain/bytes'
import { GROUPS, TEXT_BYTES } from '../domain/ceilings'
import { collected } from '../domain/collected'
import { DocumentPath, inAllocation, inImage, inTask } from '../domain/DocumentPath'
import { hostIdOf } from '../domain/idMappings'
import { Issue, Issues } from '../domain/Issue'
import { User } from '../domain/Oci'
import { ImageFacts } from '../facts/Facts'
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
  if (isLonger(asked, TEXT_BYTES)) return E.left(Issue('BadValue', at, asked, TOO_LONG, SET_NUMBERS))
  return E.mapLeft((none: accounts.NoAccount) => refusal(at, asked, none, isNomads ? NUMBERS : SET_NUMBERS))(
    accounts.userOf(asked, image)
  )
}

/** Why a name is none, with the way out: numbers everywhere, and the file that was looked into where no host answers. */
const refusal = (
  at: DocumentPath, name: string | undefined, { reason, file }: accounts.NoAccount, hint: string
): Issue =>
  file === undefined
    ? Issue('BadValue', at, name, reason)
    : { ...Issue('BadValue', at, name, reason, hint), offline: GIVE[file], isLookup: true }

type NoGroups = ReadonlyArray<readonly [index: number, why: accounts.NoAccount]>

const groupsOf = ({ task }: Request, image: ImageFacts): E.Either<ReadonlyArray<Issue>, ReadonlyArray<number>> =>
  E.mapLeft((none: NoGroups) =>
    none.map(([index, why]) => refusal(inTask('group_add', index), task.group_add[index], why, 'use a number'))
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

const TOO_LONG = `must be at most ${String(TEXT_BYTES)} bytes long`
const NUMBERS = 'use numbers (`uid:gid`)'
const SET_NUMBERS = 'set `user` of the task to numbers (`uid:gid`)'

const GIVE = {
  passwd: 'give the image\'s files in a facts file: "passwd": "name:x:1000:1000::/:/bin/sh"',
  group: 'give the image\'s file in a facts file: "group": "name:x:1000:"'
}
