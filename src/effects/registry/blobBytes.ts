import { createHash } from 'node:crypto'

import { Descriptor } from '../../core/image/Descriptor'

/**
 * The bytes of a blob as they come; throws when they are more than was announced, or at the end others than the digest
 * says.
 */
export async function* verified(
  bytes: AsyncIterable<Uint8Array>,
  { digest, size }: Descriptor
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let seen = 0
  for await (const chunk of bytes) {
    seen += chunk.length
    if (seen > size) throw new Error(`blob ${digest} is longer than the ${String(size)} bytes that the manifest says`)
    hash.update(chunk)
    yield chunk
  }
  const found = `sha256:${hash.digest('hex')}`
  if (found !== digest) throw new Error(`the registry answered a blob with digest ${found} for ${digest}`)
}

/** A small blob as a whole. */
export const whole = async (bytes: AsyncIterable<Uint8Array>, blob: Descriptor, limit: number): Promise<Buffer> => {
  if (blob.size > limit)
    throw new Error(`blob ${blob.digest} has ${String(blob.size)} bytes, more than ${String(limit)}`)
  const chunks: Array<Uint8Array> = []
  for await (const chunk of verified(bytes, blob)) chunks.push(chunk)
  return Buffer.concat(chunks)
}
