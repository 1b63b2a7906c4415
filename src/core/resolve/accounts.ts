import * as E from 'fp-ts/Either'

import { User } from '../domain/Oci'
import { ImageFacts } from './Facts'

// Beyond 2^31-1 runc and the kernel disagree with the spec about ids (CVE-2024-40635).
const MAX_ID = 2 ** 31 - 1

interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

interface Group {
  readonly name: string
  readonly gid: number
  readonly members: ReadonlyArray<string>
}

/**
 * The user of a process from `user`, `user:group`, `uid` or `uid:gid`, looked up in the image's passwd and group as
 * containerd's WithUser and WithAdditionalGIDs do. The primary group always leads the supplementary ones (CVE-2023-25173).
 */
export const userOf = (text: string, image: ImageFacts): E.Either<string, User> => {
  const [who = '', group, ...rest] = text.split(':')
  if (rest.length > 0) return E.left('must be `user`, `user:group`, `uid` or `uid:gid`')
  const accounts = accountsIn(image.passwd)
  const groups = groupsIn(image.group)
  const account = accountOf(who === '' ? '0' : who, accounts)
  if (E.isLeft(account)) return account
  const gid = group === undefined ? E.right(account.right.gid) : gidOf(group, groups.find(({ name }) => name === group))
  if (E.isLeft(gid)) return gid
  const extra = group === undefined ? membershipsOf(account.right.name, groups) : []
  return E.right({
    additionalGids: [...new Set([gid.right, ...extra])],
    gid: gid.right,
    uid: account.right.uid
  })
}

/** The ids of more groups (`group_add`), each a number or a name of the image's /etc/group; Left says which is none. */
export const groupsOf = (names: ReadonlyArray<string>, image: ImageFacts): E.Either<ReadonlyArray<readonly [number, string]>, ReadonlyArray<number>> => {
  // Of two groups of a name the first counts.
  const byName = new Map([...groupsIn(image.group)].reverse().map((group) => [group.name, group]))
  const found = names.map((name) => gidOf(name, byName.get(name)))
  const wrong = found.flatMap((gid, index): ReadonlyArray<readonly [number, string]> => (E.isLeft(gid) ? [[index, gid.left]] : []))
  return wrong.length > 0 ? E.left(wrong) : E.right(found.flatMap((gid) => (E.isRight(gid) ? [gid.right] : [])))
}

const accountOf = (who: string, accounts: ReadonlyArray<Account>): E.Either<string, Account> => {
  if (!/^\d+$/.test(who)) {
    const named = accounts.find(({ name }) => name === who)
    return named === undefined ? E.left(`user ${JSON.stringify(who)} is not in the image's /etc/passwd`) : E.right(named)
  }
  const uid = Number(who)
  if (uid > MAX_ID) return E.left(`user id ${who} is above ${String(MAX_ID)}`)
  return E.right(accounts.find((account) => account.uid === uid) ?? { name: uid === 0 ? 'root' : '', uid, gid: 0 })
}

const gidOf = (group: string, named: Group | undefined): E.Either<string, number> => {
  if (/^\d+$/.test(group)) return Number(group) <= MAX_ID ? E.right(Number(group)) : E.left(`group id ${group} is above ${String(MAX_ID)}`)
  return named === undefined ? E.left(`group ${JSON.stringify(group)} is not in the image's /etc/group`) : E.right(named.gid)
}

const membershipsOf = (name: string, groups: ReadonlyArray<Group>): ReadonlyArray<number> =>
  groups.filter((group) => group.members.includes(name) && group.name !== name).map(({ gid }) => gid)

const linesOf = (file: string): ReadonlyArray<ReadonlyArray<string>> =>
  file.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(':'))

const isId = (text: string): boolean => /^\d+$/.test(text) && Number(text) <= MAX_ID

const accountsIn = (passwd: string): ReadonlyArray<Account> =>
  linesOf(passwd).flatMap(([name = '', , uid = '', gid = '']) =>
    name !== '' && isId(uid) && isId(gid) ? [{ name, uid: Number(uid), gid: Number(gid) }] : []
  )

const groupsIn = (group: string): ReadonlyArray<Group> =>
  linesOf(group).flatMap(([name = '', , gid = '', members = '']) =>
    name !== '' && isId(gid) ? [{ name, gid: Number(gid), members: members.split(',').filter((one) => one !== '') }] : []
  )
