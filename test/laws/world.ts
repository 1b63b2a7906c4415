import { World } from '../fakes/World'

/** What is there, in one order. */
export const snapshotOf = ({ things }: World): ReadonlyArray<readonly [string, string]> =>
  [...things()].sort(([a], [b]) => (a < b ? -1 : 1))

/** What is there and belongs to one task: what all share (images, directories of volumes) is left out. */
export const withoutShared = (things: Iterable<readonly [string, string]>): ReadonlyArray<readonly [string, string]> =>
  [...things].filter(([, owner]) => owner !== 'shared').sort(([a], [b]) => (a < b ? -1 : 1))

/** What belongs to others. */
export const ofOthers = (things: Iterable<readonly [string, string]>, owner: string): ReadonlyArray<readonly [string, string]> =>
  [...things].filter(([, other]) => other !== owner && other !== 'shared').sort(([a], [b]) => (a < b ? -1 : 1))
