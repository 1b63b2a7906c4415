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
  // A file with several names must be given once.
  const given = new Set<number>()
  const give = async (path: string, stats: Stats): Promise<void> => {
    if (stats.nlink > 1 && !stats.isDirectory()) {
      if (given.has(stats.ino)) return
      given.add(stats.ino)
    }
    const [uid, gid] = [hostIdOf(ranges, stats.uid), hostIdOf(ranges, stats.gid)]
    if (uid === undefined || gid === undefined) throw unmapped(path.slice(root.length), stats)
    await lchown(path, uid, gid)
    // chown(2) takes these bits away, which are the image's to give.
    if (!stats.isSymbolicLink() && (stats.mode & SPECIAL_BITS) !== 0) await chmod(path, stats.mode & ALL_BITS)
  }
  const below = async (directory: string): Promise<void> => {
    for await (const entry of await opendir(directory, { bufferSize: 256 })) {
      signal.throwIfAborted()
      const path = `${directory}/${entry.name}`
      const stats = await lstat(path)
      await give(path, stats)
      if (stats.isDirectory()) await below(path)
    }
  }
  await give(`${root}/.`, await lstat(`${root}/.`))
  await below(root)
}

const unmapped = (path: string, { uid, gid }: Stats): Thrown => new Thrown(Failure('Invalid', DOING,
  `${path} belongs to ${String(uid)}:${String(gid)}, which \`userns\` does not map; map it, or use another image`
))
