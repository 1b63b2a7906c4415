import { Asker, Verdict } from './verdicts'

/** When an image was in use, to be kept with it. */
export interface Use {
  readonly image: string
  readonly digest: string
  readonly atMs: number
}

const LEAST_MS = 60_000
const MOST_MS = 60 * 60_000
const SHARE = 10

/**
 * What has to be noted, so that another process knows it: the end of each use at once, and while a use lasts as often
 * as a tenth of the delay, between a minute and an hour: each note is written to the disk.
 */
export const usesToNote = (
  all: ReadonlyArray<Verdict>, { node, starting, nowMs }: Asker, delayMs: number
): ReadonlyArray<Use> => {
  const stepMs = Math.min(Math.max(delayMs / SHARE, LEAST_MS), MOST_MS)
  return all.flatMap(({ image: { name, digest, isPulled, node: of, usedAtMs: notedMs }, users, usedAtMs }) => {
    const isUsed = users.length > 0 || starting.includes(name)
    const atMs = isUsed ? nowMs : usedAtMs
    const isDue = notedMs > nowMs || (isUsed ? atMs - notedMs >= stepMs : atMs > notedMs)
    return isPulled && of === node && node !== '' && isDue ? [{ image: name, digest, atMs }] : []
  })
}
