import { createHash } from 'node:crypto'

import { Failure } from '../../core/domain/Failure'
import { resolve } from '../../core/domain/path'
import { MAX_DOCUMENT } from '../../core/image/Manifest'
import { digestOf } from '../ports/digestOf'
import { Thrown } from '../ports/Thrown'
import { Archive } from './Archive'

/** What is known of a file of an archive after one walk. */
export interface File {
  readonly size: number
  /** How the bytes begin, and all of a document. */
  readonly head: Buffer
  readonly to?: string
  /** The digest of a compressed file whose name does not say it. */
  readonly digest?: string
}

const HEAD = 4
const MAX_KEPT = 64 * 1024 * 1024

/** The files of an archive, by path. */
export type Files = ReadonlyMap<string, File>

/** Walks an archive once: documents are kept, of all else how it begins. */
export const filesIn = async (archive: Archive): Promise<Files> => {
  const files = new Map<string, File>()
  let kept = 0
  await archive.walk(async ({ path, size, to }, bytes) => {
    const one = to === undefined ? await fileOf(path, size, bytes) : { size, head: Buffer.alloc(0), to }
    kept += one.head.length
    const head = kept > MAX_KEPT ? one.head.subarray(0, HEAD) : one.head
    files.set(path, { ...one, head })
  })
  return files
}

const fileOf = async (path: string, size: number, bytes: AsyncIterable<Uint8Array>): Promise<File> => {
  const chunks: Array<Uint8Array> = []
  let length = 0
  const hash = createHash('sha256')
  let isHashed = false
  // All of it is read: a tar whose entry is left early is left as a whole.
  for await (const chunk of bytes) {
    if (length === 0) isHashed = isCompressed(chunk) && blobDigest(path) === undefined
    if (isHashed) hash.update(chunk)
    if (length < HEAD || isDocument(chunks, size)) chunks.push(chunk)
    length += chunk.length
  }
  const head = Buffer.concat(chunks)
  return {
    size,
    head: isDocument([head], size) ? head : Buffer.from(head.subarray(0, HEAD)),
    ...(isHashed ? { digest: `sha256:${hash.digest('hex')}` } : {})
  }
}

const BRACES: ReadonlyArray<number | undefined> = [0x7b, 0x5b]

const isDocument = ([first]: ReadonlyArray<Uint8Array>, size: number): boolean =>
  size <= MAX_DOCUMENT && BRACES.includes(first?.[0])

/** Whether bytes begin as those of gzip or zstd. */
export const isCompressed = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0x1f && bytes[1] === 0x8b) || (bytes[0] === 0x28 && bytes[1] === 0xb5)

/** The digest that a blob of an OCI layout has by its path. */
export const blobDigest = (path: string): string | undefined => {
  const hex = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(path)?.[1]
  return hex === undefined ? undefined : `sha256:${hex}`
}

const MOST_LINKS = 10

/** A file of the archive, by the links in it: they never lead out of it. */
const followed = (files: Files, path: string, links = 0): readonly [string, File] | undefined => {
  const found = files.get(path)
  if (found?.to === undefined) return found === undefined ? undefined : [path, found]
  const directory = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  return links >= MOST_LINKS ? undefined : followed(files, resolve(`/${directory}`, found.to).slice(1), links + 1)
}

/** A file that the archive has, links followed; throws `Thrown` where there is none. */
export const found = (files: Files, path: string, doing: string): readonly [string, File] => {
  const one = followed(files, path)
  if (one === undefined) throw new Thrown(Failure('Invalid', doing, `names ${JSON.stringify(path)}, which it has not`))
  return one
}

/** A document of the archive, read whole; its digest is verified where its name says one. */
export const read = (files: Files, path: string, doing: string): Buffer => {
  const [at, { head, size }] = found(files, path, doing)
  if (head.length !== size) throw new Thrown(Failure('Invalid', doing, `has a ${at} that is no document`))
  const digest = blobDigest(at)
  if (digest !== undefined && digest !== digestOf(head))
    throw new Thrown(Failure('Invalid', doing, `has a ${at} whose content is ${digestOf(head)}`))
  return head
}
