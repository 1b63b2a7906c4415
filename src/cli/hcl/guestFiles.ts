import { resolve } from 'node:path'

import type { Entry, Looked, Reach } from './Reach'

type Memory = () => ArrayBuffer
type Call = (...given: ReadonlyArray<never>) => number

/** Errors of WASI (wasi_snapshot_preview1, `errno`). */
const OK = 0
const DENIED = 2
const BAD_DESCRIPTOR = 8
const IS_DIRECTORY = 31
const ABSENT = 44
const NO_DIRECTORY = 54

/** The one directory that the guest is given: the root, below which only `Reach` says what is there. */
const ROOT = 3
const ROOT_NAME = Buffer.from('/')

const FILE_TYPES = { file: 4, directory: 3, link: 7, other: 0 } as const
const ALL_RIGHTS = 0xffff_ffff_ffff_ffffn
const FOLLOW = 1

interface Opened {
  readonly path: string
  readonly kind: 'file' | 'directory'
  readonly bytes: Uint8Array
  read: number
}

/** A guest with what it has opened. */
interface Guest {
  readonly memory: Memory
  readonly look: (path: string, isFollowed: boolean) => Looked
  readonly reach: () => Reach | undefined
  readonly opened: Map<number, Opened>
  readonly write32: (at: number, value: number) => void
}

/** The files of a guest: WASI's calls on paths and on descriptors above 2, answered by what a job may see. */
export const guestFiles = (memory: Memory, reach: () => Reach | undefined): Readonly<Record<string, Call>> => {
  const root: Opened = { path: '/', kind: 'directory', bytes: new Uint8Array(), read: 0 }
  const guest: Guest = {
    memory,
    reach,
    look: (path, isFollowed) => reach()?.look(path, isFollowed) ?? { kind: 'absent' },
    opened: new Map([[ROOT, root]]),
    write32: (at, value) => { new DataView(memory()).setUint32(at, value, true) }
  }
  return { ...ofRoot(guest), ...ofPaths(guest), ...statsOf(guest), ...contentsOf(guest) }
}

const ofRoot = ({ memory, write32 }: Guest): Readonly<Record<string, Call>> => ({
  fd_prestat_get: (fd: number, at: number) => {
    if (fd !== ROOT) return BAD_DESCRIPTOR
    write32(at, 0)
    write32(at + 4, ROOT_NAME.length)
    return OK
  },
  fd_prestat_dir_name: (fd: number, at: number, length: number) => {
    if (fd !== ROOT) return BAD_DESCRIPTOR
    ROOT_NAME.copy(Buffer.from(memory(), at, length))
    return OK
  }
})

const pathAt = ({ memory, opened }: Guest, fd: number, at: number, length: number): string =>
  resolve(opened.get(fd)?.path ?? '/', Buffer.from(memory(), at, length).toString())

const ofPaths = (guest: Guest): Readonly<Record<string, Call>> => ({
  path_open: (
    fd: number, flags: number, at: number, length: number, _open: number, _base: bigint, _more: bigint, _how: number,
    result: number
  ) => {
    const path = pathAt(guest, fd, at, length)
    const found = guest.look(path, (flags & FOLLOW) !== 0)
    if (found.kind === 'absent' || found.kind === 'refused') return wrong(found)
    const bytes = found.kind === 'directory' ? new Uint8Array() : guest.reach()?.read(path)
    if (bytes === undefined || found.kind === 'link' || found.kind === 'other') return DENIED
    const own = Math.max(...guest.opened.keys()) + 1
    guest.opened.set(own, { path, kind: found.kind, bytes, read: 0 })
    guest.write32(result, own)
    return OK
  },
  path_filestat_get: (fd: number, flags: number, at: number, length: number, result: number) => {
    const found = guest.look(pathAt(guest, fd, at, length), (flags & FOLLOW) !== 0)
    if (found.kind === 'absent' || found.kind === 'refused') return wrong(found)
    writeStat(guest.memory(), result, found.kind, found.kind === 'file' ? found.bytes : 0)
    return OK
  }
})

const statsOf = ({ memory, opened }: Guest): Readonly<Record<string, Call>> => ({
  fd_filestat_get: (fd: number, result: number) => {
    const file = opened.get(fd)
    if (file === undefined) return BAD_DESCRIPTOR
    writeStat(memory(), result, file.kind, file.bytes.length)
    return OK
  },
  fd_fdstat_get: (fd: number, result: number) => {
    const kind = fd < ROOT ? 'other' : opened.get(fd)?.kind
    if (kind === undefined) return BAD_DESCRIPTOR
    const view = new DataView(memory(), result, 24)
    view.setUint8(0, FILE_TYPES[kind])
    view.setUint16(2, 0, true)
    view.setBigUint64(8, ALL_RIGHTS, true)
    view.setBigUint64(16, ALL_RIGHTS, true)
    return OK
  },
  fd_fdstat_set_flags: () => OK
})

const contentsOf = ({ memory, opened, reach, write32 }: Guest): Readonly<Record<string, Call>> => ({
  fd_read: (fd: number, vectors: number, count: number, total: number) => {
    const file = opened.get(fd)
    if (file === undefined) return BAD_DESCRIPTOR
    if (file.kind === 'directory') return IS_DIRECTORY
    const from = file.read
    for (const room of spans(memory(), vectors, count)) {
      const part = file.bytes.subarray(file.read, file.read + room.length)
      room.set(part)
      file.read += part.length
    }
    write32(total, file.read - from)
    return OK
  },
  fd_readdir: (fd: number, at: number, length: number, cookie: bigint, used: number) => {
    const directory = opened.get(fd)
    if (directory?.kind !== 'directory') return directory === undefined ? BAD_DESCRIPTOR : NO_DIRECTORY
    const entries = reach()?.entries(directory.path)
    if (entries === undefined) return DENIED
    const all = Buffer.concat(entries.slice(Number(cookie)).map((entry, index) => direntOf(entry, cookie, index)))
    write32(used, all.copy(Buffer.from(memory(), at, length)))
    return OK
  },
  fd_close: (fd: number) => (opened.delete(fd) ? OK : BAD_DESCRIPTOR)
})

const wrong = (found: Looked): number => (found.kind === 'absent' ? ABSENT : DENIED)

// No file is told from another by its inode, and times are no part of what a job may depend on.
const writeStat = (memory: ArrayBuffer, at: number, kind: keyof typeof FILE_TYPES, bytes: number): void => {
  const view = new DataView(memory, at, 64)
  new Uint8Array(memory, at, 64).fill(0)
  view.setUint8(16, FILE_TYPES[kind])
  view.setBigUint64(24, 1n, true)
  view.setBigUint64(32, BigInt(bytes), true)
}

const DIRENT_BYTES = 24

const direntOf = ({ name, kind }: Entry, cookie: bigint, index: number): Buffer => {
  const text = Buffer.from(name)
  const head = Buffer.alloc(DIRENT_BYTES)
  head.writeBigUInt64LE(cookie + BigInt(index) + 1n, 0)
  head.writeBigUInt64LE(BigInt(index) + 1n, 8)
  head.writeUInt32LE(text.length, 16)
  head.writeUInt8(FILE_TYPES[kind], 20)
  return Buffer.concat([head, text])
}

/** The pieces of the guest's memory that a list of WASI vectors (address and length) names. */
export const spans = (memory: ArrayBuffer, vectors: number, count: number): ReadonlyArray<Buffer> => {
  const list = new DataView(memory, vectors, 8 * count)
  return Array.from({ length: count }, (_, index) =>
    Buffer.from(memory, list.getUint32(8 * index, true), list.getUint32(8 * index + 4, true)))
}
