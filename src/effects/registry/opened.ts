import { Readable } from 'node:stream'
import * as zlib from 'node:zlib'

const GZIP = Buffer.from([0x1f, 0x8b])
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

export interface Opened {
  readonly input: Readable
  readonly unpack: NodeJS.ReadWriteStream | undefined
}

/** What the first bytes say decides how a layer is unpacked, as in containerd: media types have been wrong. */
export const opened = async (bytes: AsyncIterable<Uint8Array>): Promise<Opened> => {
  const iterator = bytes[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  while (head.length < ZSTD.length) {
    const next = await iterator.next()
    if (next.done === true) break
    head = Buffer.concat([head, next.value])
  }
  const start = head
  const input = Readable.from((async function* (): AsyncGenerator<Uint8Array> {
    if (start.length > 0) yield start
    yield* { [Symbol.asyncIterator]: () => iterator }
  })(), { objectMode: false })
  if (start.subarray(0, GZIP.length).equals(GZIP)) return { input, unpack: zlib.createGunzip() }
  return { input, unpack: start.subarray(0, ZSTD.length).equals(ZSTD) ? zstd() : undefined }
}

const zstd = (): NodeJS.ReadWriteStream => {
  const { createZstdDecompress: make }: { readonly createZstdDecompress?: () => NodeJS.ReadWriteStream } =
    zlib as object
  if (make === undefined)
    throw new Error(
      `a layer is compressed with zstd, which Node ${process.versions.node} cannot read; use Node 22.15 or later, or --no-accounts`
    )
  return make()
}
