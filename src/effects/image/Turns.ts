interface Line {
  running: number
  readonly waiting: Array<() => void>
}

const lines = new WeakMap<object, Line>()

/**
 * Does the work when fewer than `limit` others of the same `place` are at it: first come, first served. Throws when
 * `signal` is aborted before its turn.
 */
export const inTurn = async <A,>(
  place: object,
  limit: number,
  signal: AbortSignal,
  work: () => Promise<A>
): Promise<A> => {
  const line = lines.get(place) ?? { running: 0, waiting: [] }
  lines.set(place, line)
  if (line.running < limit) line.running += 1
  else await turn(line, signal)
  try {
    signal.throwIfAborted()
    return await work()
  } finally {
    // The next in line gets this place: nobody who comes later is quicker.
    const next = line.waiting.shift()
    if (next === undefined) line.running -= 1
    else next()
  }
}

const turn = (line: Line, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const mine = (): void => {
      signal.removeEventListener('abort', leave)
      resolve()
    }
    const leave = (): void => {
      line.waiting.splice(line.waiting.indexOf(mine), 1)
      reject(signal.reason as Error)
    }
    if (signal.aborted) { reject(signal.reason as Error); return }
    signal.addEventListener('abort', leave, { once: true })
    line.waiting.push(mine)
  })
