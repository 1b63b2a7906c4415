/** Something that becomes true once. */
export interface Once<A> {
  /** What became true, when it is already. */
  readonly value: () => A | undefined
  /** The first call counts. */
  readonly settle: (value: A) => void
  /** Resolves when it is true, or with undefined when the signal fires. A wait that is over leaves nothing behind. */
  readonly wait: (signal?: AbortSignal) => Promise<A | undefined>
}

export const Once = <A>(): Once<A> => {
  const waiting = new Set<(value: A) => void>()
  let settled: { readonly value: A } | undefined
  return {
    value: () => settled?.value,
    settle: (value) => {
      if (settled !== undefined) return
      settled = { value }
      for (const wake of waiting) wake(value)
      waiting.clear()
    },
    wait: (signal) => {
      if (settled !== undefined) return Promise.resolve(settled.value)
      if (signal?.aborted === true) return Promise.resolve(undefined)
      return new Promise((resolve) => {
        const wake = (value: A): void => {
          signal?.removeEventListener('abort', leave)
          resolve(value)
        }
        const leave = (): void => {
          waiting.delete(wake)
          resolve(undefined)
        }
        waiting.add(wake)
        signal?.addEventListener('abort', leave, { once: true })
      })
    }
  }
}
