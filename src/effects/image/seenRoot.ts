import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { ImageFacts, PlaceFacts } from '../../core/facts/Facts'
import { Mount } from '../../generated/containerd/containerd'
import { call } from '../containerd/call'
import { Containerd } from '../containerd/Containerd'
import * as leases from '../containerd/leases'
import * as snapshots from '../containerd/snapshots'
import { Looker } from '../ports/Reads'
import { failureOf, Thrown } from '../ports/Thrown'
import { Accounts, ImageRoot } from '../rootfs/imageRoot'
import { inMountedView } from '../rootfs/mountedView'

/** What was seen of the root of an image: its accounts, and what stands at the places that were asked for. */
export interface SeenRoot {
  readonly accounts: Accounts
  readonly places: ReadonlyMap<string, PlaceFacts>
}

/** What was seen, by snapshotter and chain id: a stack of layers never changes, so neither does this. */
export type SeenRoots = Map<string, SeenRoot>

/** An unpacked image: its top layer, and where that is. */
export interface Unpacked {
  readonly snapshotter: string
  readonly chainId: string
}

/** What is said of an image's root. */
export type Seen = Pick<ImageFacts, 'passwd' | 'group' | 'unread' | 'places'>

/**
 * The accounts of an image and what it makes of some places (clean paths). What the cache has costs nothing.
 */
export const seenRoot =
  (
    containerd: Containerd,
    unpacked: Unpacked,
    places: ReadonlyArray<string>,
    cache: SeenRoots,
    looker: Looker
  ): TE.TaskEither<Failure, Seen> =>
  async () => {
    const key = `${unpacked.snapshotter} ${unpacked.chainId}`
    const known = cache.get(key)
    const missing = places.filter((path) => known?.places.has(path) !== true)
    if (known !== undefined && missing.length === 0) return E.right(factsOf(known, places))
    const found = await throughView(containerd, unpacked, looker, look(missing, known?.accounts))()
    if (E.isLeft(found)) return found
    const seen = { accounts: found.right.accounts, places: new Map([...(known?.places ?? []), ...found.right.places]) }
    remember(cache, key, seen)
    return E.right(factsOf(seen, places))
  }

const factsOf = ({ accounts, places }: SeenRoot, wanted: ReadonlyArray<string>): Seen => ({
  ...accounts,
  places: Object.fromEntries(wanted.flatMap((path) => {
    const place = places.get(path)
    return place === undefined ? [] : [[path, place]]
  }))
})

const MAX_TEXT = 64 * 1024 * 1024
const MAX_PLACES = 4096
const MAX_ROOTS = 1024

/** Jobs choose images and places: what was seen first is forgotten when it becomes much. */
const remember = (cache: SeenRoots, key: string, seen: SeenRoot): void => {
  cache.delete(key)
  cache.set(key, seen.places.size > MAX_PLACES ? { ...seen, places: new Map() } : seen)
  const textIn = (): number =>
    [...cache.values()].reduce((sum, { accounts: { passwd, group } }) => sum + passwd.length + group.length, 0)
  for (const old of cache.keys()) {
    if (old === key || (cache.size <= MAX_ROOTS && textIn() <= MAX_TEXT)) break
    cache.delete(old)
  }
}

const look =
  (places: ReadonlyArray<string>, known: Accounts | undefined) =>
  async (root: string, ended: AbortSignal): Promise<SeenRoot> => {
    const image = ImageRoot(root, ended)
    const accounts = known ?? (await image.accounts())
    const seen = new Map<string, PlaceFacts>()
    for (const path of places) seen.set(path, await image.place(path))
    return { accounts, places: seen }
  }

const LEASE_SECONDS = 600
const LOOK_MS = 60_000

type Look<A> = (root: string, ended: AbortSignal) => Promise<A>

/** Looks through a read-only view of the image's top layer, which is removed before this resolves. */
const throughView =
  <A,>(
    containerd: Containerd,
    { snapshotter, chainId }: Unpacked,
    { id, owner, mark }: Looker,
    work: Look<A>
  ): TE.TaskEither<Failure, A> =>
  () => {
    const key = `view-${id}`
    return leases.under(containerd, key, { owner, seconds: LEASE_SECONDS, mark }, async () => {
      const view = await call(containerd, `view layer ${chainId}`, ['snapshots', 'view'],
        { snapshotter, key, parent: chainId, labels: {} }, { lease: key })()
      const outcome = E.isLeft(view) ? view : await looked(chainId, view.right.mounts, work)
      await snapshots.remove(containerd, { snapshotter, key })()
      return outcome
    })
  }

// A snapshotter that fetches on demand may let a look wait for its registry.
const looked = async <A,>(
  chainId: string,
  mounts: ReadonlyArray<Mount>,
  work: Look<A>
): Promise<E.Either<Failure, A>> => {
  const doing = `look into layer ${chainId}`
  const ended = new AbortController()
  const late = new Thrown(Failure('TimedOut', doing, `took longer than ${String(LOOK_MS)} ms`))
  const timer = setTimeout(() => {
    ended.abort(late)
  }, LOOK_MS)
  try {
    return E.right(
      await inMountedView(mounts, (root) => Promise.race([work(root, ended.signal), aborted(ended.signal)]))
    )
  } catch (thrown) {
    return E.left(failureOf(thrown, doing))
  } finally {
    clearTimeout(timer)
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => { signal.addEventListener('abort', () => { reject(signal.reason as Thrown) }) })
