import { Stats } from 'node:fs'
import { chmod, lchown, lstat, opendir } from 'node:fs/promises'

import { Failure } from '../../core/domain/Failure'
import { hostIdOf } from '../../core/domain/idMappings'
import { IdMapping } from '../../core/domain/Oci'
import { Thrown } from '../ports/Thrown'

const DOING = 'give the files of the image to the ids of `userns`'

const SPECIAL_BITS = 0o6000
const ALL_BITS = 0o7777

/**
 * Gives each file below a root to the host's id of its owner and group. No link is followed. A file of an id that is
 * not mapped would stay the host's own: it throws `Thrown` (`Invalid`), which names it. Ends when `signal` does.
 */
export const giveTo = async (ranges: ReadonlyArray<IdMapping>, root: string, signal: AbortSignal): Promise<void> => {
  const below = async (directory: Buffer, give: Give): Promise<void> => {
    for await (const { name } of await opendir(directory, BYTES)) {
      signal.throwIfAborted()
      const path = Buffer.concat([directory, SLASH, name as unknown as Buffer])
      const stats = await lstat(path)
      await give(path, stats)
      if (stats.isDirectory()) await below(path, give)
    }
  }
  const top = Buffer.from(root)
  const give = giver(ranges, top.length)
  const here = Buffer.concat([top, SLASH, Buffer.from('.')])
  await give(here, await lstat(here))
  await below(top, give)
}

type Give = (path: Buffer, stats: Stats) => Promise<void>

// A name of Linux need not be text; Node's types know no other.
const BYTES = { encoding: 'buffer' as BufferEncoding, bufferSize: 256 }
const SLASH = Buffer.from('/')

const giver = (ranges: ReadonlyArray<IdMapping>, skipped: number): Give => {
  const given = new Map<number, string>()
  return async (path, stats) => {
    const { uid: oldUid, gid: oldGid, ino, nlink, mode } = stats
    // One name of several is given with another, but not on overlayfs: there a change of one copies it up, and both
    // keep their number.
    if (given.get(ino) === `${String(oldUid)}:${String(oldGid)}`) return
    const [uid, gid] = [hostIdOf(ranges, oldUid), hostIdOf(ranges, oldGid)]
    if (uid === undefined || gid === undefined) throw unmapped(path.subarray(skipped).toString(), stats)
    await lchown(path, uid, gid)
    if (nlink > 1 && !stats.isDirectory()) given.set(ino, `${String(uid)}:${String(gid)}`)
    // chown(2) takes these bits away, which are the image's to give.
    if (!stats.isSymbolicLink() && (mode & SPECIAL_BITS) !== 0) await chmod(path, mode & ALL_BITS)
  }
}

const unmapped = (path: string, { uid, gid }: Stats): Thrown => new Thrown(Failure('Invalid', DOING,
  `${path} belongs to ${String(uid)}:${String(gid)}, which \`userns\` does not map; map it, or use another image`
))
