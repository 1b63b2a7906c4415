/** What is under way, by name. */
export interface UnderWay {
  /** How many things of that name there are. */
  readonly of: (name: string) => number
  /** Counts one more until something is over. */
  readonly during: (name: string, something: Promise<unknown>) => void
  /** Resolves when everything of that name that is under way now is over, however it ended. */
  readonly over: (name: string) => Promise<void>
}

export const UnderWay = (): UnderWay => {
  const all = new Map<string, Set<Promise<unknown>>>()
  const of = (name: string): ReadonlySet<Promise<unknown>> => all.get(name) ?? new Set()
  return {
    of: (name) => of(name).size,
    during: (name, something) => {
      const those = all.get(name) ?? new Set()
      those.add(something)
      all.set(name, those)
      const end = (): void => {
        those.delete(something)
        if (those.size === 0) all.delete(name)
      }
      void something.then(end, end)
    },
    over: async (name) => { await Promise.allSettled(of(name)) }
  }
}
