const PIECE = 1024 * 1024

/** Bytes as they come. */
export type Data = AsyncIterable<Uint8Array> | ReadonlyArray<Uint8Array>

/** The same bytes in pieces of a mebibyte, the last one excepted. */
export async function* gathered(data: Data): AsyncGenerator<Buffer> {
  let piece = Buffer.allocUnsafe(PIECE)
  let length = 0
  for await (const chunk of data) {
    for (let at = 0; at < chunk.length;) {
      const fits = chunk.subarray(at, at + PIECE - length)
      piece.set(fits, length)
      at += fits.length
      length += fits.length
      if (length < PIECE) continue
      yield piece
      piece = Buffer.allocUnsafe(PIECE)
      length = 0
    }
  }
  if (length > 0) yield piece.subarray(0, length)
}
