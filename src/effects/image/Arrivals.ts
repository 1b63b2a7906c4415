/** Blobs that come one after the other, and who waits for one of them. */
export interface Arrivals {
  readonly arrived: (digest: string) => void
  /** Resolves when this blob is here; throws when `signal` is aborted before. */
  readonly of: (digest: string) => Promise<void>
}

export const Arrivals = (signal: AbortSignal): Arrivals => {
  const here = new Set<string>()
  const waiting = new Map<string, Array<() => void>>()
  return {
    arrived: (digest) => {
      here.add(digest)
      for (const go of waiting.get(digest) ?? []) go()
      waiting.delete(digest)
    },
    of: (digest) =>
      here.has(digest)
        ? Promise.resolve()
        : new Promise((resolve, reject) => {
            const stop = (): void => { reject(signal.reason as Error) }
            if (signal.aborted) stop()
            signal.addEventListener('abort', stop, { once: true })
            const go = (): void => {
              signal.removeEventListener('abort', stop)
              resolve()
            }
            waiting.set(digest, [...(waiting.get(digest) ?? []), go])
          })
  }
}
