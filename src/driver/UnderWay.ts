/** How many things are under way, by name. */
export interface UnderWay {
  readonly of: (name: string) => number
  /** Counts one more until something is over. */
  readonly during: (name: string, something: Promise<unknown>) => void
}

export const UnderWay = (): UnderWay => {
  const counts = new Map<string, number>()
  const add = (name: string, more: number): void => {
    const count = (counts.get(name) ?? 0) + more
    if (count === 0) counts.delete(name)
    else counts.set(name, count)
  }
  return {
    of: (name) => counts.get(name) ?? 0,
    during: (name, something) => {
      add(name, 1)
      const end = (): void => { add(name, -1) }
      void something.then(end, end)
    }
  }
}
