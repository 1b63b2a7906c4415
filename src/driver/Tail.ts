/** The end of an output, with how much came before it. */
export interface Tail {
  readonly add: (bytes: Uint8Array) => void
  /** What is kept; where something was left out, a line says so before it. */
  readonly bytes: () => Uint8Array
}

/** Keeps the last `most` bytes, and never more than twice as many while it is filled. */
export const Tail = (most: number): Tail => {
  const chunks: Array<Uint8Array> = []
  let kept = 0
  let total = 0
  const add = (bytes: Uint8Array): void => {
    chunks.push(bytes.length > most ? bytes.slice(-most) : bytes)
    kept += Math.min(bytes.length, most)
    total += bytes.length
    while (kept - (chunks[0]?.length ?? 0) >= most) kept -= chunks.shift()?.length ?? 0
  }
  return { add, bytes: () => (total <= most ? joined(chunks, kept) : cut(joined(chunks, kept), most, total)) }
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
