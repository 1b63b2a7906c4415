import { realpathSync, statSync } from 'node:fs'

import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import * as ImageConfig from '../core/decode/ImageConfig'
import { Failure } from '../core/domain/Failure'
import { issues as spoken } from '../core/report/explain'
import { Facts, FileFacts, ImageFacts, merge, none, PathFacts } from '../core/resolve/Facts'
import { Question } from '../core/resolve/Question'
import { cdiFiles } from './cdiFiles'
import { Containerd } from './containerd/Containerd'
import * as snapshots from './containerd/snapshots'
import { hostDevices } from './hostDevices'
import { hostFacts } from './hostFacts'
import { Accounts, accounts } from './image/accounts'
import { chainIds } from './image/chainIds'
import { stored } from './image/stored'
import { regularFile } from './regularFile'
import { failureOf } from './Thrown'

/** Accounts by chain id: a layer stack never changes, so neither do they. */
export type AccountsCache = Map<string, Accounts>

/**
 * Answers questions about host and image. Only reads; its one exception is a view of the image's top layer under an
 * expiring lease, removed before this resolves. The signal ends it between two questions. An image that is not here, or not unpacked, is simply not in the answer.
 */
export const answer =
  (
    containerd: Containerd, questions: ReadonlyArray<Question>, cache: AccountsCache, id: string, signal?: AbortSignal
  ): TE.TaskEither<Failure, Facts> =>
  async () => {
    let facts = none
    for (const question of questions) {
      if (signal?.aborted === true) return E.left(Failure('Cancelled', 'look at host and image', 'was stopped before all was known'))
      const one = await answerOne(containerd, question, cache, id)()
      if (E.isLeft(one)) return one
      facts = merge(facts, one.right)
    }
    return E.right(facts)
  }

const answerOne = (containerd: Containerd, question: Question, cache: AccountsCache, id: string): TE.TaskEither<Failure, Facts> => {
  switch (question._tag) {
    case 'AskHost':
      return looked('look at this host', () => ({ ...none, host: hostFacts() }))
    case 'AskImage':
      return TE.map((image: ImageFacts | undefined): Facts => (image === undefined ? none : { ...none, images: { [question.name]: image } }))(
        imageFacts(containerd, question, cache, id)
      )
    case 'AskPath':
      return TE.right({ ...none, paths: { [question.path]: pathFacts(question.path) } })
    case 'AskDevice':
      return looked(`look for devices at ${question.path}`, () => ({ ...none, devices: hostDevices(question.path) }))
    case 'AskFile':
      return TE.right({ ...none, files: { [question.path]: fileFacts(question.path) } })
    case 'AskCdi':
      return async () => E.right({ ...none, cdi: await cdiFiles() })
  }
}

const looked = (doing: string, look: () => Facts): TE.TaskEither<Failure, Facts> =>
  TE.fromEither(E.tryCatch(look, (thrown) => failureOf(thrown, doing)))

const pathFacts = (path: string): PathFacts => {
  try {
    const realPath = realpathSync(path)
    return { kind: statSync(realPath).isDirectory() ? 'directory' : 'file', realPath }
  } catch {
    return { kind: 'absent' }
  }
}

const fileFacts = (path: string): FileFacts => {
  try {
    return { kind: 'file', ...regularFile(path) }
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException
    return { kind: 'absent', reason: code === 'ENOENT' ? 'does not exist on the host' : `cannot be read on the host: ${message}` }
  }
}

type AskImage = Extract<Question, { readonly _tag: 'AskImage' }>

const imageFacts =
  (containerd: Containerd, { name, snapshotter, platform }: AskImage, cache: AccountsCache, id: string): TE.TaskEither<Failure, ImageFacts | undefined> =>
  async () => {
    const image = await stored(containerd, name, platform)()
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
