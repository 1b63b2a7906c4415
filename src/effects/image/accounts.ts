import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Mount } from '../../generated/containerd/containerd'
import { ViewSnapshotRequest, ViewSnapshotResponse } from '../../generated/containerd/snapshots'
import { call } from '../containerd/call'
import { Containerd } from '../containerd/Containerd'
import * as leases from '../containerd/leases'
import * as snapshots from '../containerd/snapshots'

/** The text of an image's /etc/passwd and /etc/group; empty when it has none. */
export interface Accounts {
  readonly passwd: string
  readonly group: string
}

const LEASE_SECONDS = 600

/** Reads an image's accounts through a read-only view of its top layer, which is removed before this resolves. */
export const accounts =
  (containerd: Containerd, snapshotter: string, chainId: string, id: string): TE.TaskEither<Failure, Accounts> =>
  async () => {
    const key = `view-${id}`
    const held = await leases.hold(containerd, key, id, LEASE_SECONDS)()
    if (E.isLeft(held)) return held
    const view = await call<ViewSnapshotRequest, ViewSnapshotResponse>(containerd, `view layer ${chainId}`,
      (q, m, o, done) => containerd.snapshots.view(q, m, o, done), { snapshotter, key, parent: chainId, labels: {} }, { lease: key })()
    const read = E.chain(({ mounts }: ViewSnapshotResponse) => accountsIn(mounts))(view)
    await snapshots.remove(containerd, { snapshotter, key })()
    await leases.release(containerd, key)()
    return read
  }

const accountsIn = (mounts: ReadonlyArray<Mount>): E.Either<Failure, Accounts> => {
  const layers = layersOf(mounts)
  return layers === undefined
    ? E.left(Failure('Invalid', 'read the accounts of the image', 'the snapshotter gives no directories to read them from; use the snapshotter overlayfs or native'))
    : E.right({ passwd: readIn(layers, 'passwd'), group: readIn(layers, 'group') })
}

/** The directories that make up a view, topmost first. */
const layersOf = (mounts: ReadonlyArray<Mount>): ReadonlyArray<string> | undefined => {
  const [mount, ...others] = mounts
  if (mount === undefined || others.length > 0) return undefined
  if (mount.type === 'bind') return [mount.source]
  if (mount.type !== 'overlay') return undefined
  const option = (name: string): ReadonlyArray<string> =>
    mount.options.filter((one) => one.startsWith(`${name}=`)).flatMap((one) => one.slice(name.length + 1).split(':'))
  return [...option('upperdir'), ...option('lowerdir')]
}

const MAX_BYTES = 1024 * 1024

/** A file of /etc in the topmost layer that has it. A link is never followed: it could lead out of the layer. */
const readIn = (layers: ReadonlyArray<string>, name: string): string => {
  for (const layer of layers) {
    const etc = lstatSync(join(layer, 'etc'), { throwIfNoEntry: false })
    if (etc === undefined) continue
    if (!etc.isDirectory()) return ''
    const file = lstatSync(join(layer, 'etc', name), { throwIfNoEntry: false })
    // A character device is overlayfs's mark of a deleted file.
    if (file !== undefined) return file.isFile() && file.size <= MAX_BYTES ? readFileSync(join(layer, 'etc', name), 'utf8') : ''
    if (existsSync(join(layer, 'etc', '.wh..wh..opq'))) return ''
  }
  return ''
}
