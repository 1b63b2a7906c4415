import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { extract, Header } from 'tar-stream'

import { opened } from './opened'

/** What is in a tar: what it says of a thing, and its bytes. */
export interface TarEntry extends AsyncIterable<Buffer> {
  readonly header: Header
}

/** How a tar came to its end: its bytes, and whoever was shown what is in it. */
export interface Ended {
  readonly bytes: PromiseSettledResult<void>
  readonly walk: PromiseSettledResult<void>
}

/**
 * Reads a tar (plain, gzip, and zstd where Node knows it) to its end, and shows each entry; what is left unread of one
 * is skipped. Where the visitor throws, or `signal` fires, no more is read. Throws where the compression cannot be read
 * here at all.
 */
export const readTar = async (
  tarBytes: AsyncIterable<Uint8Array>, visit: (entry: TarEntry) => Promise<void>, signal?: AbortSignal
): Promise<Ended> => {
  const { input, unpack } = await opened(tarBytes)
  const tar = extract()
  const walked = async (): Promise<void> => {
    for await (const entry of tar) {
      await visit(entry as unknown as TarEntry)
      entry.resume()
    }
  }
  // A stream of streamx is a Writable in all that pipeline needs.
  const sink = tar as unknown as Writable
  const how = signal === undefined ? {} : { signal }
  const [bytes, walk] = await Promise.allSettled([
    unpack === undefined ? pipeline(input, sink, how) : pipeline(input, unpack, sink, how),
    walked().catch((thrown: unknown) => {
      tar.destroy()
      throw thrown
    })
  ])
  return { bytes, walk }
}
