import * as E from 'fp-ts/Either'

import { matches } from '../domain/glob'
import * as ImageReference from '../image/ImageReference'
import { isFor } from '../image/isFor'
import { isOver, missingBytes, Pressure } from './pressure'
import { SeenImage, SeenImages, SeenUser } from './SeenImages'

/** Why an image stays. */
export type Stays = 'NotPulled' | 'ByHand' | 'AnotherAgents' | 'Kept' | 'InUse' | 'Starting' | 'Young'

/** Why an image goes. */
export type Goes = 'Unused' | 'DiskFull'

/** What becomes of an image. */
export interface Verdict {
  readonly image: SeenImage
  readonly users: ReadonlyArray<SeenUser>
  readonly usedAtMs: number
  readonly because: Stays | Goes
}

/** Who asks: an agent, with what its process knows and containerd does not. */
export interface Asker {
  /** The id of the Nomad client; no image of another's goes, and none that no agent had pulled. */
  readonly node: string
  /** Names of images with which something is being started. */
  readonly starting: ReadonlyArray<string>
  /** When names of images were last in use as far as this process knows. */
  readonly lastUses: Readonly<Record<string, number>>
  readonly nowMs: number
}

/** What the operator wants. */
export interface Rule extends Partial<Pressure> {
  /** Patterns of images that stay, as `images.allow` has them. */
  readonly keep: ReadonlyArray<string>
  /** How long an image has to be unused. */
  readonly delayMs: number
}

/** Even where the disk is full: a start has pulled an image and not made its container yet. */
const MOMENT_MS = 60_000

/**
 * What becomes of each image, in the order of the names. What is in use, kept, another's or nobody's stays, whatever
 * the disk looks like; of the rest what was unused for the delay goes, and where the disk is too full the longest
 * unused go before that, as many as it takes.
 */
export const verdicts = (seen: SeenImages, asker: Asker, rule: Rule): ReadonlyArray<Verdict> => {
  const all = seen.images
    .map((image): Judged => judged(seen, asker, rule, image))
    .toSorted((a, b) => (a.image.name < b.image.name ? -1 : 1))
  const full = new Set(firstOf(oldestFirst(all.filter(({ because }) => because === undefined)), seen, asker, rule))
  return all.map((one) => ({ ...one, because: one.because ?? reasonOf(one, full, asker, rule) }))
}

/** The images that go, the longest unused first. */
export const goingOf = (all: ReadonlyArray<Verdict>): ReadonlyArray<Verdict> =>
  oldestFirst(all.filter(({ because }) => because === 'Unused' || because === 'DiskFull'))

type Judged = Omit<Verdict, 'because'> & { readonly because: Stays | undefined }

const judged = (seen: SeenImages, asker: Asker, rule: Rule, image: SeenImage): Judged => {
  const users = usersOf(seen, image)
  return { image, users, usedAtMs: lastUse(asker, image), because: stays(asker, rule, image, users) }
}

/** A time that is still to come was noted by a clock that was wrong. */
const lastUse = ({ lastUses, nowMs }: Asker, { name, usedAtMs }: SeenImage): number =>
  Math.min(Math.max(usedAtMs, lastUses[name] ?? 0), nowMs)

/** Whoever names it, names something that stands for the same, or has his root on its layers. */
const usersOf = ({ images, users }: SeenImages, { name, digest, roots }: SeenImage): ReadonlyArray<SeenUser> => {
  const names = new Set([name, ...images.filter((one) => one.digest === digest).map((one) => one.name)])
  return users.filter(({ image, layers }) => names.has(image) || roots.some((root) => layers.includes(root)))
}

const stays = (
  { node, starting }: Asker, { keep }: Rule, image: SeenImage, users: ReadonlyArray<SeenUser>
): Stays | undefined => {
  if (!image.isPulled) return 'NotPulled'
  if (image.node === '') return 'ByHand'
  if (image.node !== node) return 'AnotherAgents'
  if (isKept(keep, image.name)) return 'Kept'
  if (users.length > 0) return 'InUse'
  return starting.includes(image.name) ? 'Starting' : undefined
}

/** An image that a task brought along has no name that is a reference. */
const isKept = (keep: ReadonlyArray<string>, name: string): boolean => {
  const reference = ImageReference.parse(name)
  return keep.some((pattern) =>
    matches(pattern, name) || (E.isRight(reference) && isFor(pattern, reference.right)))
}

const oldestFirst = <A extends Pick<Verdict, 'usedAtMs' | 'image'>>(all: ReadonlyArray<A>): ReadonlyArray<A> =>
  all.toSorted((a, b) => a.usedAtMs - b.usedAtMs || (a.image.name < b.image.name ? -1 : 1))

/** The first of them that give back what the disk lacks: images that go anyway count too. */
const firstOf = (
  unused: ReadonlyArray<Judged>, { disk }: SeenImages, { nowMs }: Asker, { delayMs, high, low }: Rule
): ReadonlyArray<string> => {
  if (disk === undefined || high === undefined || low === undefined || !isOver(disk, high)) return []
  const least = Math.min(delayMs, MOMENT_MS)
  const lacking = missingBytes(disk, low)
  return unused.filter(({ usedAtMs }) => nowMs - usedAtMs >= least).reduce<Taken>(
    ({ bytes, names }, { image }) =>
      bytes >= lacking ? { bytes, names } : { bytes: bytes + image.bytes, names: [...names, image.name] },
    { bytes: 0, names: [] }
  ).names
}

interface Taken {
  readonly bytes: number
  readonly names: ReadonlyArray<string>
}

const reasonOf = (
  { image, usedAtMs }: Judged, full: ReadonlySet<string>, { nowMs }: Asker, { delayMs }: Rule
): Stays | Goes => {
  if (nowMs - usedAtMs >= delayMs) return 'Unused'
  return full.has(image.name) ? 'DiskFull' : 'Young'
}
