/**
 * Does the work for every item, `limit` at a time. The first failure stops the rest, and is thrown when nothing runs
 * any more: the work has to end when `stop` is aborted.
 */
export const atOnce = async <A,>(
  limit: number,
  items: ReadonlyArray<A>,
  stop: AbortController,
  work: (item: A) => Promise<void>
): Promise<void> => {
  const waiting = [...items]
  const failures: Array<unknown> = []
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      if (stop.signal.aborted) return
      try {
        await work(item)
      } catch (thrown) {
        failures.push(thrown)
        stop.abort()
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  if (failures.length > 0) throw failures[0]
  stop.signal.throwIfAborted()
}
