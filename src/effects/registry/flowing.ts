import { Readable } from 'node:stream'

/** Thrown where a body does not come, or only a few bytes at a time. */
export class Stalled extends Error {}

// A line on which anything can be pulled at all is a hundred times as fast.
const LEAST_BYTES_A_SECOND = 1024

/**
 * A body as it comes. Throws `Stalled` when for `silenceMs` less than a kibibyte a second has come: whoever sends a
 * byte now and then sends nothing. Only the time counts in which more is waited for.
 */
export async function* flowing(
  { body, silenceMs }: { readonly body: Readable; readonly silenceMs: number }
): AsyncGenerator<Uint8Array> {
  const least = (silenceMs / 1000) * LEAST_BYTES_A_SECOND
  let bytes = 0
  let waitedMs = 0
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  try {
    for (;;) {
      const startMs = Date.now()
      const timer = setTimeout(() => { body.destroy(new Stalled(stalledText(bytes, silenceMs))) }, silenceMs - waitedMs)
      const next = await chunks.next().finally(() => { clearTimeout(timer) })
      if (next.done === true) return
      waitedMs += Date.now() - startMs
      bytes += next.value.length
      yield next.value
      if (bytes < least) continue
      bytes = 0
      waitedMs = 0
    }
  } finally {
    body.destroy()
  }
}

/** What is told of a registry that was silent for so long. */
export const stalledText = (bytes: number, silenceMs: number): string =>
  `${String(bytes)} bytes came in ${String(silenceMs / 1000)} s, which is what \`pull_activity_timeout\` allows a registry to be silent`
