/** The fields of every line of an account file. */
const linesIn = (file: string): ReadonlyArray<ReadonlyArray<string>> =>
  file.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(':'))

/** Name and primary group of a uid. */
export const accountOf = (passwd: string, uid: number): { readonly name: string; readonly gid: number } | undefined => {
  const [name, , , gid] = linesIn(passwd).find(([, , id]) => id === String(uid)) ?? []
  return name === undefined ? undefined : { name, gid: Number(gid) }
}

/** Groups that have the account as a member, without the one of its own name. */
export const membershipsOf = (group: string, account: string | undefined): ReadonlyArray<number> =>
  linesIn(group).flatMap(([name, , gid, members = '']) => (account !== undefined && name !== account && members.split(',').includes(account) ? [Number(gid)] : []))

/** What stands in a list of groups behind those of the account, which containerd starts with the primary one unless that is among them. */
export const behind = (gids: ReadonlyArray<number>, gid: number, memberships: ReadonlyArray<number>): ReadonlyArray<number> =>
  gids.slice(memberships.length + (memberships.includes(gid) ? 0 : 1))
