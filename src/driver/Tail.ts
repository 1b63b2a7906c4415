/** The end of an output, with how much came before it. */
export interface Tail {
  readonly add: (bytes: Uint8Array) => void
  /** What is kept; where something was left out, a line says so before it. */
  readonly bytes: () => Uint8Array
}

/** Keeps the last `most` bytes, however small the pieces are in which they come: one ring, which grows to `most` once. */
export const Tail = (most: number): Tail => {
  let ring = new Uint8Array(Math.min(most, FIRST))
  let total = 0
  const add = (bytes: Uint8Array): void => {
    const wanted = total + bytes.length
    const next = Math.min(most, Math.max(wanted, ring.length * 2))
    if (ring.length < most && wanted > ring.length) ring = grown(ring, next)
    const end = bytes.length > ring.length ? bytes.subarray(-ring.length) : bytes
    const at = (total + bytes.length - end.length) % ring.length
    const first = end.subarray(0, ring.length - at)
    ring.set(first, at)
    ring.set(end.subarray(first.length), 0)
    total += bytes.length
  }
  const kept = (): Uint8Array => {
    const at = total % ring.length
    return total <= ring.length ? ring.slice(0, total) : joined([ring.subarray(at), ring.subarray(0, at)], ring.length)
  }
  return { add, bytes: () => (total <= most ? kept() : cut(kept(), most, total)) }
}

const FIRST = 4096

const grown = (ring: Uint8Array, length: number): Uint8Array<ArrayBuffer> => {
  const next = new Uint8Array(length)
  next.set(ring)
  return next
}

const joined = (chunks: ReadonlyArray<Uint8Array>, length: number): Uint8Array => {
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

const cut = (end: Uint8Array, most: number, total: number): Uint8Array => {
  const said = new TextEncoder().encode(`[of ${String(total)} bytes only the last are kept]\n`)
  return joined([said, end.slice(end.length - (most - said.length))], most)
}
