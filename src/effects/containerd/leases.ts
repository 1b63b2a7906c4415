import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { OWNER } from '../../core/domain/labels'
import { Mark } from '../../core/domain/mark'
import { call, orDone } from './call'
import { Containerd } from './Containerd'
import { labelFilter } from './labelFilter'
import { Snapshot } from './snapshots'

/**
 * Holds everything that is made under it until it is released, or until a collection after `expiresInSeconds`. One that
 * exists counts when this owner made it.
 */
export const hold =
  (
    containerd: Containerd, lease: string, owner: string, expiresInSeconds: number, mark: Mark = {}
  ): TE.TaskEither<Failure, void> =>
  async () => {
    const expires = new Date(Date.now() + expiresInSeconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
    const request = { id: lease, labels: { 'containerd.io/gc.expire': expires, ...mark, [OWNER]: owner } }
    const outcome = await call(containerd, `hold lease ${lease}`, ['leases', 'create'], request)()
    if (E.isRight(outcome)) return E.right(undefined)
    if (outcome.left._tag !== 'AlreadyExists') return outcome
    const own = await isOwn(containerd, lease, owner)()
    return E.isRight(own) && own.right ? E.right(undefined) : outcome
  }

/**
 * Holds a snapshot under a lease, whether it is there already or not: one that was found belongs to nobody, and a
 * collection that is under way may take it between a look and the next call.
 */
export const keepSnapshot = (
  containerd: Containerd,
  lease: string,
  { snapshotter, key }: Snapshot
): TE.TaskEither<Failure, unknown> =>
  call(containerd, `hold snapshot ${key}`, ['leases', 'addResource'], {
    id: lease, resource: { id: key, type: `snapshots/${snapshotter}` }
  })

const isOwn = (containerd: Containerd, lease: string, owner: string): TE.TaskEither<Failure, boolean> =>
  pipe(
    call(containerd, `look for lease ${lease}`, ['leases', 'list'], { filters: [`id==${lease}`] }),
    TE.map(({ leases }) => leases.some(({ labels }) => labels[OWNER] === owner))
  )

/** Releases a lease. One that is gone is released. With `sync` what it alone held is collected before this resolves. */
export const release = (containerd: Containerd, lease: string, sync = false): TE.TaskEither<Failure, void> =>
  orDone('NotFound')(call(containerd, `release lease ${lease}`, ['leases', 'delete'], { id: lease, sync }))

/** How long a lease lasts that nobody releases, and whose it is. */
export interface Term {
  readonly owner: string
  readonly seconds: number
  readonly mark?: Mark
}

/** Works under a lease, which is released when that is over. */
export const under = async <A>(
  containerd: Containerd, lease: string, { owner, seconds, mark }: Term, work: () => Promise<E.Either<Failure, A>>
): Promise<E.Either<Failure, A>> => {
  const held = await hold(containerd, lease, owner, seconds, mark)()
  if (E.isLeft(held)) return held
  const outcome = await work()
  await release(containerd, lease)()
  return outcome
}

/** Releases a lease of this owner; another owner's stays. */
export const drop = (containerd: Containerd, lease: string, owner: string): TE.TaskEither<Failure, void> =>
  pipe(isOwn(containerd, lease, owner), TE.chain((own) => (own ? release(containerd, lease) : TE.right(undefined))))

/** A lease with its labels. */
export interface Labelled {
  readonly id: string
  readonly labels: Readonly<Record<string, string>>
}

/** The leases with this label, with this value where one is given. */
export const labelled = (
  containerd: Containerd, key: string, value: string | undefined
): TE.TaskEither<Failure, ReadonlyArray<Labelled>> =>
  pipe(
    call(containerd, `look for leases with ${key}`, ['leases', 'list'], { filters: [labelFilter(key, value)] }),
    TE.map(({ leases }) => leases)
  )
