import { promises } from 'node:fs'

import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Disk } from '../../core/gc/SeenImages'
import { failureOf } from '../ports/Thrown'
import { call } from './call'
import { Containerd } from './Containerd'

const FILTER = 'type==io.containerd.content.v1'

/** The file system that holds containerd's root: its content store, of which every containerd has one, lies there. */
export const diskOfRoot = (containerd: Containerd): TE.TaskEither<Failure, Disk> => async () => {
  const doing = "look at the file system of containerd's root"
  const found = await call(containerd, doing, ['introspection', 'plugins'], { filters: [FILTER] })()
  if (E.isLeft(found)) return found
  const root = found.right.plugins.map(({ exports }) => exports['root']).find((path) => path !== undefined)
  if (root === undefined) return E.left(Failure('NotFound', doing, 'containerd does not say where it is'))
  try {
    const { blocks, bfree, bavail, bsize } = await promises.statfs(root)
    const used = blocks - bfree
    return E.right({ usedBytes: used * bsize, totalBytes: (used + bavail) * bsize })
  } catch (thrown) {
    return E.left(failureOf(thrown, doing))
  }
}
