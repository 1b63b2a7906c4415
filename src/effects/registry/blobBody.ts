import { Failure } from '../../core/domain/Failure'
import { Descriptor } from '../../core/image/Descriptor'
import { ImageReference } from '../../core/image/ImageReference'
import { messageOf, Thrown } from '../ports/Thrown'
import { Answer } from './request'

/**
 * The body of a blob, cut where it goes beyond the size that the manifest says: what is more is stored nowhere. An
 * answer that announces another size is refused before it is read; one that ends too early is `Unavailable`: the
 * connection broke.
 */
export const cut = (answer: Answer, blob: Descriptor, reference: ImageReference): AsyncIterable<Uint8Array> => {
  const { headers, body } = answer
  const announced = headers['content-length']
  if (announced !== undefined && Number(announced) !== blob.size) {
    body.destroy()
    throw Wrong(reference, blob, `answers ${announced} bytes`)
  }
  return bounded(answer, blob, reference)
}

async function* bounded({ body }: Answer, blob: Descriptor, reference: ImageReference): AsyncGenerator<Uint8Array> {
  let seen = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      seen += chunk.length
      if (seen > blob.size) throw Wrong(reference, blob, 'answers more bytes')
      yield chunk
    }
  } catch (thrown) {
    throw thrown instanceof Thrown ? thrown : BrokenOff(reference, blob, seen, messageOf(thrown))
  }
  if (seen < blob.size) throw BrokenOff(reference, blob, seen, 'it ended')
}

const Wrong = ({ name, registry }: ImageReference, { digest, size }: Descriptor, what: string): Thrown =>
  new Thrown(
    Failure(
      'Invalid',
      `pull ${name}`,
      `registry ${registry} ${what} for blob ${digest}, which has ${String(size)} by its manifest`
    )
  )

const BrokenOff = (
  { name, registry }: ImageReference,
  { digest, size }: Descriptor,
  seen: number,
  why: string
): Thrown =>
  new Thrown(
    Failure(
      'Unavailable',
      `pull ${name}`,
      `registry ${registry} broke off blob ${digest} after ${String(seen)} of ${String(size)} bytes: ${why}`
    )
  )
