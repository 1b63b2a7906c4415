import { constants, promises } from 'node:fs'

import { MAX_ACCOUNTS, Unread, UnreadAccounts } from '../../core/domain/Unread'
import { PlaceFacts } from '../../core/facts/Facts'
import { Entry, walk, Walked } from './walk'

/**
 * The text of an image's /etc/passwd and /etc/group; empty when it has none, and `unread` says why when it has one and
 * there is no text.
 */
export interface Accounts {
  readonly passwd: string
  readonly group: string
  readonly unread?: UnreadAccounts
}

/** The root of an image, to be looked at. `isEnded` stops all further looking. */
export interface ImageRoot {
  readonly accounts: () => Promise<Accounts>
  readonly place: (path: string) => Promise<PlaceFacts>
}

/** Looks at the root directory of an image that nobody changes. No link is ever followed by the kernel. */
export const ImageRoot = (directory: string, ended: AbortSignal): ImageRoot => {
  const known = new Map<string, Entry>()
  const look = async (path: string): Promise<Entry> => {
    ended.throwIfAborted()
    const entry = known.get(path) ?? await entryAt(onHost(directory, path))
    known.set(path, entry)
    return entry
  }
  const text = (path: string): Promise<Read> => textOf(onHost(directory, path))
  return {
    accounts: async () => accountsOf(await readAccounts(look, 'passwd', text), await readAccounts(look, 'group', text)),
    place: async (path) => factsOf(await walk(look, Buffer.from(path).toString('latin1')))
  }
}

/** Names are bytes: what is no UTF-8 would become another name as text. */
const onHost = (directory: string, path: string): Buffer =>
  Buffer.concat([Buffer.from(directory), Buffer.from(path, 'latin1')])

const NOTHING = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']

const entryAt = async (path: Buffer): Promise<Entry> => {
  try {
    const status = await promises.lstat(path)
    if (status.isSymbolicLink())
      return { kind: 'link', to: (await promises.readlink(path, 'buffer')).toString('latin1') }
    if (status.isDirectory()) return { kind: 'directory' }
    return { kind: status.isFile() ? 'file' : 'other' }
  } catch (thrown) {
    if (NOTHING.includes(String((thrown as NodeJS.ErrnoException).code))) return { kind: 'absent' }
    throw thrown
  }
}

const factsOf = ({ kind, realPath, links, isAbove }: Walked): PlaceFacts => ({
  kind: isAbove && kind !== 'loop' ? 'above' : kind,
  realPath: textOfBytes(realPath),
  ...(links.length === 0 ? {} : { links: links.map(textOfBytes) })
})

const textOfBytes = (path: string): string => Buffer.from(path, 'latin1').toString()

/** A file of accounts: its text, or why there is none. */
export type Read = string | Unread

/** What was read of both files. */
export const accountsOf = (passwd: Read, group: Read): Accounts => {
  const unread = { ...(typeof passwd === 'string' ? {} : { passwd }), ...(typeof group === 'string' ? {} : { group }) }
  return {
    passwd: typeof passwd === 'string' ? passwd : '',
    group: typeof group === 'string' ? group : '',
    ...(Object.keys(unread).length === 0 ? {} : { unread })
  }
}

/** What is in `/etc/<name>` of an image, its links followed; `textOf` reads the file that they lead to. */
export const readAccounts = async (
  look: (path: string) => Promise<Entry>, name: string, textOf: (realPath: string) => Promise<Read>
): Promise<Read> => {
  const { kind, realPath } = await walk(look, `/etc/${name}`)
  switch (kind) {
    case 'absent':
      return ''
    case 'loop':
      return { kind: 'too many links' }
    case 'directory':
    case 'other':
      return { kind: 'no file' }
    case 'file':
      return textOf(realPath)
  }
}

/** The text of a regular file of at most 8 MiB: a pipe or a device is neither waited for nor touched. */
const textOf = async (path: Buffer): Promise<Read> => {
  const file = await promises.open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const status = await file.stat()
    if (!status.isFile()) return { kind: 'no file' }
    if (status.size > MAX_ACCOUNTS) return { kind: 'too large', bytes: status.size }
    const bytes = Buffer.alloc(status.size)
    let length = 0
    for (let more = -1; more !== 0 && length < bytes.length; length += more)
      more = (await file.read(bytes, length)).bytesRead
    return bytes.toString('utf8', 0, length)
  } finally {
    await file.close()
  }
}
