let last: Promise<unknown> = Promise.resolve()

/**
 * Does the work when all that came before is over. Plugins change the tables of the whole host, and two that make the
 * same chain at the same moment fail (containerd/go-cni and nerdctl take one lock for all networks too).
 */
export const oneAtATime = <A>(work: () => Promise<A>): Promise<A> => {
  const mine = last.then(work, work)
  last = mine.catch(() => undefined)
  return mine
}
