import { promises } from 'node:fs'

import { Failure } from '../../core/domain/Failure'
import { openBelow, Opened } from '../host/openBelow'
import { messageOf, Thrown } from '../ports/Thrown'
import { readTar } from '../registry/readTar'

/** Something in an archive: a file of so many bytes, or another name of one. */
export interface Entry {
  readonly path: string
  readonly size: number
  /** Where a link leads, relative to its own directory. */
  readonly to?: string
}

/** Is shown an entry with its bytes; what it leaves unread is skipped. */
export type Visit = (entry: Entry, bytes: AsyncIterable<Uint8Array>) => Promise<void>

/** Files in a tar, or in a directory. Each walk begins anew, in an order of the archive's. */
export interface Archive {
  readonly walk: (visit: Visit) => Promise<void>
  readonly close: () => Promise<void>
}

const MAX_ENTRIES = 100_000

/**
 * Opens a tar (plain, gzip, and zstd where Node knows it) or a directory that lies below a directory of the host. No
 * link is followed on the way, and none in it by the kernel. Throws `Thrown`.
 */
export const openArchive = async (
  { path, below }: { readonly path: string; readonly below: string }, doing: string, stop: AbortSignal
): Promise<Archive> => {
  const found = await openBelow(path, below, doing)
  const close = (): Promise<void> => found.file.close()
  const counted = (visit: Visit): Visit => {
    let seen = 0
    return (entry, bytes) => {
      stop.throwIfAborted()
      seen += 1
      if (seen > MAX_ENTRIES)
        throw new Thrown(Failure('Invalid', doing, `has more than ${String(MAX_ENTRIES)} entries`))
      return visit(entry, bytes)
    }
  }
  return {
    close,
    walk: (visit) =>
      found.isDirectory
        ? walkDirectory(path, below, doing, '', counted(visit))
        : walkTar(found, doing, stop, counted(visit))
  }
}

const walkTar = async ({ file }: Opened, doing: string, signal: AbortSignal, visit: Visit): Promise<void> => {
  const { bytes, walk } = await readTar(file.createReadStream({ start: 0, autoClose: false }), async (entry) => {
    const { name, type, size, linkname } = entry.header
    const isLink = type === 'symlink' || type === 'link'
    if (type !== 'file' && type !== 'contiguous-file' && !isLink) return
    const to = isLink ? linkOf(type, linkname) : undefined
    await visit({ path: plain(name), size, ...(to === undefined ? {} : { to }) }, entry)
  }, signal)
  for (const one of [walk, bytes]) {
    if (one.status === 'rejected' && one.reason instanceof Thrown) throw one.reason
  }
  for (const one of [bytes, walk]) {
    if (one.status === 'rejected') throw new Thrown(Failure('Invalid', doing, `is no tar: ${messageOf(one.reason)}`))
  }
}

/** A hard link names a path of the archive, a symbolic one a path from its own directory. */
const linkOf = (type: 'symlink' | 'link', to: string): string => (type === 'link' ? `/${plain(to)}` : to)

const plain = (name: string): string =>
  name.split('/').filter((part) => part !== '' && part !== '.').join('/')

const walkDirectory = async (
  path: string, below: string, doing: string, inside: string, visit: Visit
): Promise<void> => {
  const here = inside === '' ? path : `${path}/${inside}`
  const { file } = await openBelow(here, below, doing)
  const found = await promises
    .readdir(`/proc/self/fd/${String(file.fd)}`, { withFileTypes: true })
    .finally(() => file.close())
  for (const one of found) {
    const name = inside === '' ? one.name : `${inside}/${one.name}`
    if (one.isDirectory() && LAYOUT.test(name)) await walkDirectory(path, below, doing, name, visit)
    else if (one.isFile()) await visitFile(`${path}/${name}`, below, doing, (size, bytes) =>
      visit({ path: name, size }, bytes))
  }
}

// All that an OCI layout has below itself (image-spec image-layout.md).
const LAYOUT = /^blobs(?:\/sha256)?$/

const visitFile = async (
  path: string, below: string, doing: string,
  visit: (size: number, bytes: AsyncIterable<Uint8Array>) => Promise<void>
): Promise<void> => {
  const { file } = await openBelow(path, below, doing)
  try {
    const { size } = await file.stat()
    await visit(size, file.createReadStream({ start: 0, autoClose: false }))
  } finally {
    await file.close()
  }
}
