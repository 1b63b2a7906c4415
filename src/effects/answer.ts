import { realpathSync, statSync } from 'node:fs'

import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import * as ImageConfig from '../core/decode/ImageConfig'
import { Failure } from '../core/domain/Failure'
import { issues as spoken } from '../core/report/explain'
import { DeviceFacts, Facts, ImageFacts, merge, none, PathFacts } from '../core/resolve/Facts'
import { Question } from '../core/resolve/Question'
import { Containerd } from './containerd/Containerd'
import * as snapshots from './containerd/snapshots'
import { hostFacts } from './hostFacts'
import { Accounts, accounts } from './image/accounts'
import { chainIds } from './image/chainIds'
import { stored } from './image/stored'
import { failureOf } from './Thrown'

/** Accounts by chain id: a layer stack never changes, so neither do they. */
export type AccountsCache = Map<string, Accounts>

/**
 * Answers questions about host and image. Only reads; its one exception is a view of the image's top layer under an
 * expiring lease, removed before this resolves. An image that is not here, or not unpacked, is simply not in the answer.
 */
export const answer =
  (containerd: Containerd, questions: ReadonlyArray<Question>, cache: AccountsCache, id: string): TE.TaskEither<Failure, Facts> =>
  async () => {
    let facts = none
    for (const question of questions) {
      const one = await answerOne(containerd, question, cache, id)()
      if (E.isLeft(one)) return one
      facts = merge(facts, one.right)
    }
    return E.right(facts)
  }

const answerOne = (containerd: Containerd, question: Question, cache: AccountsCache, id: string): TE.TaskEither<Failure, Facts> => {
  switch (question._tag) {
    case 'AskHost':
      return TE.fromEither(E.tryCatch(() => ({ ...none, host: hostFacts() }), (thrown) => failureOf(thrown, 'look at this host')))
    case 'AskImage':
      return TE.map((image: ImageFacts | undefined): Facts => (image === undefined ? none : { ...none, images: { [question.name]: image } }))(
        imageFacts(containerd, question.name, question.snapshotter, cache, id)
      )
    case 'AskPath':
      return TE.right({ ...none, paths: { [question.path]: pathFacts(question.path) } })
    case 'AskDevice': {
      const device = deviceFacts(question.path)
      return TE.right(device === undefined ? none : { ...none, devices: { [question.path]: device } })
    }
  }
}

const pathFacts = (path: string): PathFacts => {
  try {
    const realPath = realpathSync(path)
    return { kind: statSync(realPath).isDirectory() ? 'directory' : 'file', realPath }
  } catch {
    return { kind: 'absent' }
  }
}

const PERMISSIONS = 0o7777

const deviceFacts = (path: string): DeviceFacts | undefined => {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (found === undefined || !(found.isCharacterDevice() || found.isBlockDevice())) return undefined
  return {
    type: found.isCharacterDevice() ? 'c' : 'b',
    major: Number(((found.rdev >> 8n) & 0xfffn) | ((found.rdev >> 32n) & ~0xfffn)),
    minor: Number((found.rdev & 0xffn) | ((found.rdev >> 12n) & ~0xffn)),
    fileMode: Number(found.mode) & PERMISSIONS,
    uid: Number(found.uid),
    gid: Number(found.gid)
  }
}

const imageFacts =
  (containerd: Containerd, name: string, snapshotter: string, cache: AccountsCache, id: string): TE.TaskEither<Failure, ImageFacts | undefined> =>
  async () => {
    const image = await stored(containerd, name)()
    if (E.isLeft(image)) return image.left._tag === 'NotFound' ? E.right(undefined) : image
    const chainId = chainIds(image.right.diffIds).at(-1) ?? ''
    const unpacked = await snapshots.stat(containerd, { snapshotter, key: chainId })()
    if (E.isLeft(unpacked)) return unpacked
    if (unpacked.right === undefined) return E.right(undefined)
    const config = ImageConfig.decode(image.right.config)
    if (E.isLeft(config)) return E.left(Failure('Invalid', `read image ${name}`, spoken(config.left).trimEnd()))
    const known = cache.get(`${snapshotter} ${chainId}`)
    const found = known === undefined ? await accounts(containerd, snapshotter, chainId, id)() : E.right(known)
    if (E.isLeft(found)) return found
    cache.set(`${snapshotter} ${chainId}`, found.right)
    return E.right({ digest: image.right.digest, chainId, config: config.right, ...found.right })
  }
