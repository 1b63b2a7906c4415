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
      const one = something.then(end, end)
      those.add(one)
      all.set(name, those)
      function end(): void {
        those.delete(one)
        if (those.size === 0) all.delete(name)
      }
    },
    over: async (name) => { await Promise.all(of(name)) }
  }
}
