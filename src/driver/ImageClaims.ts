import { Clock } from '../effects/ports/Clock'
import { Once } from './Once'

/** Which images something is being started with, and which are being removed: none is both at once. */
export interface ImageClaims {
  /** Does something with an image that is not removed meanwhile; waits for a removal that is under way. */
  readonly use: <A>(image: string, signal: AbortSignal, act: () => Promise<A>) => Promise<A>
  /** Removes an image that nothing is being started with, and lets nobody begin meanwhile; else does nothing. */
  readonly unlessUsed: (image: string, act: () => Promise<void>) => Promise<void>
  readonly starting: () => ReadonlyArray<string>
  /** Notes that these are in use now; what is known of images that are none of `known` is forgotten. */
  readonly note: (used: ReadonlyArray<string>, known: ReadonlyArray<string>) => void
  readonly lastUses: () => Readonly<Record<string, number>>
}

/** What is known of images, by their names. */
interface Known {
  readonly users: Map<string, number>
  readonly removals: Map<string, Once<true>>
  readonly lastUses: Map<string, number>
}

export const ImageClaims = (clock: Pick<Clock, 'now'>): ImageClaims => {
  const known: Known = { users: new Map(), removals: new Map(), lastUses: new Map() }
  const { users, lastUses } = known
  return {
    use: async (image, signal, act) => {
      await removed(known, image, signal)
      count(known, image, 1)
      lastUses.set(image, clock.now())
      try {
        return await act()
      } finally {
        count(known, image, -1)
        lastUses.set(image, clock.now())
      }
    },
    unlessUsed: (image, act) => unlessUsed(known, image, act),
    starting: () => [...users.keys()],
    note: (used, images) => {
      for (const image of used) lastUses.set(image, clock.now())
      for (const image of lastUses.keys()) if (!images.includes(image) && !users.has(image)) lastUses.delete(image)
    },
    lastUses: () => Object.fromEntries(lastUses)
  }
}

const removed = async ({ removals }: Known, image: string, signal: AbortSignal): Promise<void> => {
  for (let one = removals.get(image); one !== undefined && !signal.aborted; one = removals.get(image))
    await one.wait(signal)
}

const count = ({ users }: Known, image: string, by: number): void => {
  const left = (users.get(image) ?? 0) + by
  if (left > 0) users.set(image, left)
  else users.delete(image)
}

const unlessUsed = async ({ users, removals }: Known, image: string, act: () => Promise<void>): Promise<void> => {
  if (users.has(image) || removals.has(image)) return
  const over = Once<true>()
  removals.set(image, over)
  try {
    await act()
  } finally {
    removals.delete(image)
    over.settle(true)
  }
}
