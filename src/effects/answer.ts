import { lstatSync, realpathSync, statSync } from 'node:fs'

import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../core/domain/Failure'
import { clean, isAbsolute } from '../core/domain/path'
import { Facts, FileFacts, ImageFacts, merged, none, PathFacts } from '../core/facts/Facts'
import { Question } from '../core/facts/Question'
import { chainIds } from '../core/image/chainIds'
import * as ImageConfig from '../core/image/ImageConfig'
import { issues as spoken } from '../core/report/explain'
import { conflistFacts, networkFacts } from './cni/networkFacts'
import { Containerd } from './containerd/Containerd'
import * as snapshots from './containerd/snapshots'
import { cdiFiles } from './host/cdiFiles'
import { blockDevice, Budget, fullBudget, hostDevices } from './host/hostDevices'
import { placesIn } from './host/inspectPaths'
import { regularFile } from './host/regularFile'
import { hostAndRunc } from './host/runcVersion'
import { isAllProven } from './image/proof'
import { Seen, seenRoot, SeenRoots } from './image/seenRoot'
import { stored } from './image/StoredImage'
import { Looker } from './ports/Reads'
import { failureOf } from './ports/Thrown'

/**
 * Answers questions about host and image. Only reads; its one exception is a view of the image's top layer under an
 * expiring lease, removed before this resolves. The signal ends it between two questions. An image that is not here, or
 * not unpacked, or whose layers are not known to be what its config says, is simply not in the answer.
 */
export const answer =
  (
    containerd: Containerd,
    questions: ReadonlyArray<Question>,
    cache: SeenRoots,
    looker: Looker,
    signal?: AbortSignal
  ): TE.TaskEither<Failure, Facts> =>
  async () => {
    const facts: Array<Facts> = []
    const budget = fullBudget()
    for (const question of questions) {
      if (signal?.aborted === true)
        return E.left(Failure('Cancelled', 'look at host and image', 'was stopped before all was known'))
      const one = await answerOne(containerd, question, { cache, looker, budget })()
      if (E.isLeft(one)) return one
      facts.push(one.right)
    }
    return E.right(merged(facts))
  }

/** What the answers of one task share. */
interface Shared {
  readonly cache: SeenRoots
  readonly looker: Looker
  readonly budget: Budget
}

const answerOne = (
  containerd: Containerd,
  question: Question,
  { cache, looker, budget }: Shared
): TE.TaskEither<Failure, Facts> => {
  switch (question._tag) {
    case 'AskHost':
      return looked('look at this host', async () => ({ ...none, host: await hostAndRunc() }))
    case 'AskImage':
      return imageAnswer(containerd, question, cache, looker)
    case 'AskPath':
      return TE.right({ ...none, paths: { [question.path]: pathFacts(question) } })
    case 'AskDevice':
      return looked(`look for devices at ${question.path}`, async () => ({
        ...none,
        devices: await hostDevices(question.path, budget)
      }))
    case 'AskBlockDevice':
      return TE.right({ ...none, devices: blockDevice(question.path) })
    case 'AskFile':
      return TE.right({ ...none, files: { [question.path]: fileFacts(question.path) } })
    case 'AskCdi':
      return async () => E.right({ ...none, cdi: await cdiFiles() })
    case 'AskNetwork':
      return TE.right({ ...none, network: networkFacts(question.path) })
    case 'AskConflist':
      return TE.right({ ...none, conflists: { [question.name]: conflistFacts(question.name, question.directory) } })
  }
}

const imageAnswer = (
  containerd: Containerd, question: AskImage, cache: SeenRoots, looker: Looker
): TE.TaskEither<Failure, Facts> =>
  pipe(
    imageFacts(containerd, question, cache, looker),
    TE.map((image): Facts => image === undefined ? none : { ...none, images: { [question.name]: image } })
  )

const looked = (doing: string, look: () => Promise<Facts>): TE.TaskEither<Failure, Facts> =>
  TE.tryCatch(look, (thrown) => failureOf(thrown, doing))

const pathFacts = ({ path, below }: AskPath): PathFacts => {
  try {
    const link = below === '' ? undefined : placesIn(path, below).find((place) => lstatSync(place).isSymbolicLink())
    if (link !== undefined) return { kind: 'link', at: link }
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
    return {
      kind: 'absent',
      reason: code === 'ENOENT' ? 'does not exist on the host' : `cannot be read on the host: ${message}`
    }
  }
}

type AskPath = Extract<Question, { readonly _tag: 'AskPath' }>
type AskImage = Extract<Question, { readonly _tag: 'AskImage' }>

const imageFacts =
  (
    containerd: Containerd,
    { name, record = name, snapshotter, platform, places }: AskImage,
    cache: SeenRoots,
    looker: Looker
  ): TE.TaskEither<Failure, ImageFacts | undefined> =>
  async () => {
    const image = await stored(containerd, record, platform)()
    if (E.isLeft(image)) return image.left._tag === 'NotFound' ? E.right(undefined) : image
    const chainId = chainIds(image.right.diffIds).at(-1) ?? ''
    const [unpacked, proven] = await Promise.all([
      snapshots.stat(containerd, { snapshotter, key: chainId })(), isAllProven(containerd, image.right, snapshotter)()
    ])
    if (E.isLeft(unpacked)) return unpacked
    if (unpacked.right === undefined) return E.right(undefined)
    if (E.isLeft(proven)) return proven
    if (!proven.right) return E.right(undefined)
    const config = ImageConfig.decode(image.right.config)
    if (E.isLeft(config)) return E.left(Failure('Invalid', `read image ${name}`, spoken(config.left).trimEnd()))
    const { cwd } = config.right
    const seen = await seenRoot(
      containerd,
      { snapshotter, chainId },
      isAbsolute(cwd) ? [...new Set([...places, clean(cwd)])] : places,
      cache,
      looker
    )()
    return E.map((root: Seen) => ({ digest: image.right.digest, chainId, config: config.right, ...root }))(seen)
  }
