import * as E from 'fp-ts/Either'

import { GROUPS } from '../domain/ceilings'
import { User } from '../domain/Oci'
import { told } from '../domain/Unread'
import { ImageFacts } from '../facts/Facts'

// Beyond 2^31-1 runc and the kernel disagree with the spec about ids (CVE-2024-40635).
const MAX_ID = 2 ** 31 - 1

interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** Why there is no such user or group. `file`: the image's file that was needed for it, which numbers would not. */
export interface NoAccount {
  readonly reason: string
  readonly file?: 'passwd' | 'group'
}

type Answer<A> = E.Either<NoAccount, A>

const wrong = (reason: string): Answer<never> => E.left({ reason })

const unknown = (file: 'passwd' | 'group', reason: string): Answer<never> => E.left({ reason, file })

/**
 * The user of a process from `user`, `user:group`, `uid` or `uid:gid`, looked up in the image's passwd and group as
 * containerd's WithUser and WithAdditionalGIDs do. The primary group always leads the supplementary ones
 * (CVE-2023-25173).
 * Where a file that is needed could not be read, nobody guesses.
 */
export const userOf = (text: string, image: ImageFacts): Answer<User> => {
  const [who = '', group, ...rest] = text.split(':')
  if (rest.length > 0) return wrong('must be `user`, `user:group`, `uid` or `uid:gid`')
  const account = accountOf(who === '' ? '0' : who, group !== undefined, image)
  if (E.isLeft(account)) return account
  const gid = group === undefined ? E.right(account.right.gid) : gidOf(group, groupsNamed([group], image), image)
  if (E.isLeft(gid)) return gid
  const extra = group === undefined ? membershipsOf(account.right.name, image) : E.right([])
  if (E.isLeft(extra)) return extra
  const additionalGids = [...new Set([gid.right, ...extra.right])]
  return additionalGids.length > GROUPS
    ? unknown(
        'group',
        `user ${JSON.stringify(account.right.name)} is in ${String(additionalGids.length)} groups of the image's /etc/group, more than the ${String(GROUPS)} of Linux`
      )
    : E.right({ additionalGids, gid: gid.right, uid: account.right.uid })
}

/** The ids of more groups (`group_add`), each a number or a name of the image's /etc/group; Left says which is none. */
export const groupsOf = (
  names: ReadonlyArray<string>,
  image: ImageFacts
): E.Either<ReadonlyArray<readonly [number, NoAccount]>, ReadonlyArray<number>> => {
  const groups = groupsNamed(names, image)
  const found = names.map((name) => gidOf(name, groups, image))
  const none = found.flatMap((gid, index): ReadonlyArray<readonly [number, NoAccount]> =>
    E.isLeft(gid) ? [[index, gid.left]] : []
  )
  return none.length > 0 ? E.left(none) : E.right(found.flatMap((gid) => (E.isRight(gid) ? [gid.right] : [])))
}

const isNumber = (text: string): boolean => /^\d+$/.test(text)

/** A user by name or number. One that has a group of its own needs the image's file by name only. */
const accountOf = (who: string, hasGroup: boolean, { passwd, unread = {} }: ImageFacts): Answer<Account> => {
  const isNamed = !isNumber(who)
  const uid = Number(who)
  if (!isNamed && uid > MAX_ID) return wrong(`user id ${who} is above ${String(MAX_ID)}`)
  if (unread.passwd !== undefined && (isNamed || (uid !== 0 && !hasGroup))) {
    return unknown('passwd', `user ${JSON.stringify(who)} cannot be looked up: ${told('/etc/passwd', unread.passwd)}`)
  }
  const account = isNamed
    ? accountNamed(who, passwd)
    : (accountOfId(uid, passwd) ?? { name: uid === 0 ? 'root' : '', uid, gid: 0 })
  return account === undefined
    ? unknown('passwd', `user ${JSON.stringify(who)} is not in the image's /etc/passwd`)
    : E.right(account)
}

type Groups = ReadonlyMap<string, number>

const gidOf = (group: string, groups: Groups, { unread = {} }: ImageFacts): Answer<number> => {
  if (isNumber(group))
    return Number(group) <= MAX_ID ? E.right(Number(group)) : wrong(`group id ${group} is above ${String(MAX_ID)}`)
  if (unread.group !== undefined)
    return unknown('group', `group ${JSON.stringify(group)} cannot be looked up: ${told('/etc/group', unread.group)}`)
  const gid = groups.get(group)
  return gid === undefined
    ? unknown('group', `group ${JSON.stringify(group)} is not in the image's /etc/group`)
    : E.right(gid)
}

/** The groups of these names, each by its first line. */
const groupsNamed = (names: ReadonlyArray<string>, { group }: ImageFacts): Groups => {
  const wanted = new Set(names.filter((name) => !isNumber(name)))
  if (wanted.size === 0) return new Map()
  const [only = ''] = wanted
  // One name is found without the others.
  const found = matches(group, wanted.size === 1 ? nameIs(only) : ANY_NAME, ID, END)
  const named = found.flatMap(([name = '', gid = '']): ReadonlyArray<readonly [string, number]> =>
    wanted.has(name) && isId(gid) ? [[name, Number(gid)]] : []
  )
  return new Map([...named].reverse())
}

/** The groups that have this member; its own by name is not among them. */
const membershipsOf = (name: string, { group, unread = {} }: ImageFacts): Answer<ReadonlyArray<number>> => {
  if (!isName(name)) return E.right([])
  if (unread.group !== undefined)
    return unknown(
      'group',
      `the groups of user ${JSON.stringify(name)} cannot be looked up: ${told('/etc/group', unread.group)}`
    )
  const found = matches(group, ANY_NAME, ID, `:(?:[^:\\n]*,)?${literally(name)}(?=,|:|${LINE_END})`)
  return E.right(found.flatMap(([of, gid = '']) => (of !== name && isId(gid) ? [Number(gid)] : [])))
}

const accountNamed = (name: string, passwd: string): Account | undefined =>
  accountsIn(matches(passwd, nameIs(name), ID, `:${DIGITS}`, END))[0]

const accountOfId = (uid: number, passwd: string): Account | undefined =>
  accountsIn(matches(passwd, ANY_NAME, `${FIELD}:(0{0,16}${String(uid)})`, `:${DIGITS}`, END))[0]

const accountsIn = (found: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<Account> =>
  found.flatMap(([name = '', uid = '', gid = '']) =>
    isId(uid) && isId(gid) ? [{ name, uid: Number(uid), gid: Number(gid) }] : []
  )

const isId = (text: string): boolean => isNumber(text) && Number(text) <= MAX_ID

// Files of many megabytes are looked through at every start. Expressions do it in place; their repetitions have bounds,
// so that
// no line makes them remember much. A line may have white space around it, and `#` makes a comment of it.
const LINE_END = '[^\\S\\n]{0,64}(?:\\n|$)'
const END = `(?=:|${LINE_END})`
const DIGITS = '(\\d{1,16})'
const FIELD = ':[^:\\n]{0,1024}'
const ID = `${FIELD}:${DIGITS}`
const ANY_NAME = '([^:\\s#][^:\\n]{0,255})'

/** The parts that an expression captures in every line that it fits. */
const matches = (file: string, ...parts: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> =>
  parts.includes(NOTHING)
    ? []
    : Array.from(file.matchAll(new RegExp(`(?:^|\\n)[^\\S\\n]{0,64}${parts.join('')}`, 'g')), (match) => match.slice(1))

/** Whether a text can stand as a name in these files. */
const isName = (text: string): boolean => new RegExp(`^${ANY_NAME}$`).test(text)

const NOTHING = '(?!)'

const nameIs = (name: string): string => (isName(name) ? `(${literally(name)})` : NOTHING)

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
