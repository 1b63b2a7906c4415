import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { NODE, OWNER } from '../../core/domain/labels'
import { mismatch } from '../../core/image/Platform'
import { Act } from '../../core/plan/Step'
import { call, orDone } from '../containerd/call'
import { Containerd } from '../containerd/Containerd'
import * as content from '../containerd/content'
import { within } from '../ports/Clock'
import { documentIn } from '../ports/documentIn'
import { Performing } from '../ports/Machine'
import { must, mustBe } from '../ports/must'
import { stoppedBy, whyStopped } from '../ports/stoppedBy'
import { systemClock } from '../ports/systemClock'
import { failureOf, Thrown } from '../ports/Thrown'
import { Archive, openArchive } from './Archive'
import { ArchivedImage, imageIn } from './ArchivedImage'
import { withinBytes, withinLayers } from './bounds'
import { record } from './record'
import { imageNamed } from './StoredImage'
import { storeDocument, storeDocuments } from './storeDocuments'
import { letIn } from './verifyImage'

type Load = Act<'LoadImage'>

/**
 * Reads an image from an archive of the task into containerd's content store, and records it under a name of the
 * task's own. Every digest is verified. When this has resolved nothing is read or written any more.
 */
export const loadImage = (
  containerd: Containerd, load: Load,
  { owner, mark = {}, signal, tell }: Pick<Performing, 'owner' | 'mark' | 'signal' | 'tell'>
): TE.TaskEither<Failure, void> => async () => {
  const doing = `load ${load.path}`
  const time = within(systemClock, load.timeoutMs, signal)
  const stop = stoppedBy(time.signal)
  try {
    const archive = await openArchive(load, doing, stop.signal)
    try {
      const { named, transport, platform } = load
      const image = await imageIn(archive, { named, transport, platform, doing })
      fits(image, load, doing)
      const question = { name: load.image, descriptor: image.top }
      await letIn(question, load.verifier, { owner, signal: stop.signal, doing })
      await store({ containerd, load, stop: stop.signal, tell }, archive, image)
      const of = { lease: load.lease, node: mark[NODE] ?? '', labels: { [OWNER]: owner } }
      must(await record(containerd, load.image, image.top, of)())
    } finally {
      await archive.close()
    }
    return E.right(undefined)
  } catch (thrown) {
    if (time.signal.aborted) return E.left(whyStopped(time.signal, doing, load.timeoutMs))
    return E.left({ ...failureOf(thrown, doing), doing })
  } finally {
    stop.abort()
    time.end()
  }
}

const fits = ({ manifest, config, way }: ArchivedImage, load: Load, doing: string): void => {
  const document = documentIn(config.bytes)
  const other = E.isRight(document) && way.length === 0 ? mismatch(load.platform, document.right) : undefined
  for (const bound of [withinLayers(manifest.of, load), withinBytes(manifest.of, load), document]) mustBe(doing, bound)
  if (other !== undefined) throw new Thrown(Failure('Invalid', doing, other))
}

interface Work {
  readonly containerd: Containerd
  readonly load: Load
  readonly stop: AbortSignal
  readonly tell: Performing['tell']
}

const store = async (work: Work, archive: Archive, image: ArchivedImage): Promise<void> => {
  const { containerd, load: { lease }, stop } = work
  const into = { containerd, lease, signal: stop }
  await storeLayers(work, archive, image)
  await storeDocument(into, image.config)
  await storeDocuments(into, image)
}

const storeLayers = async (
  { containerd, load: { lease }, stop, tell }: Work, archive: Archive, { manifest, layers }: ArchivedImage
): Promise<void> => {
  const ofBytes = manifest.of.layers.reduce((sum, { size }) => sum + size, 0)
  const left = new Map(manifest.of.layers.map((one) => [one.digest, one]))
  let stored = 0
  await archive.walk(async ({ path, size }, bytes) => {
    for (const layer of [...left.values()].filter(({ digest }) => layers.get(digest) === path)) {
      left.delete(layer.digest)
      if (size !== layer.size)
        throw new Thrown(Failure('Invalid', path, `${path} has ${String(size)} bytes, and not ${String(layer.size)}`))
      must(await content.write(containerd, layer, () => Promise.resolve(bytes), lease, {}, stop)())
      stored += layer.size
      tell?.({ bytes: stored, ofBytes })
      // Two layers of one path are one blob: their bytes come once.
      return
    }
  })
  const [missing] = left.keys()
  if (missing !== undefined) throw new Thrown(Failure('Invalid', missing, `layer ${missing} is not in the archive`))
}

/** Whose an image record is; undefined where there is none. */
const ownerOf = (containerd: Containerd, name: string): TE.TaskEither<Failure, string | undefined> =>
  pipe(imageNamed(containerd, name), TE.map((image) => image?.labels[OWNER]))

/** Makes sure that an image is still there, and that it is this task's. */
export const ownImage = (
  containerd: Containerd, { image }: Act<'OwnImage'>, { owner }: Pick<Performing, 'owner'>
): TE.TaskEither<Failure, void> =>
  pipe(
    ownerOf(containerd, image),
    TE.chain((found) =>
      found === owner
        ? TE.right(undefined)
        : TE.left(Failure('NotFound', `use image ${image}`, 'it is not there any more'))
    )
  )

/** Takes away the image of a task. One that is gone, or another's, is left as it is. */
export const removeImage = (
  containerd: Containerd, name: string, owner: string
): TE.TaskEither<Failure, void> =>
  pipe(
    ownerOf(containerd, name),
    TE.chain((found) =>
      found === owner
        ? orDone('NotFound')(call(containerd, `remove image ${name}`, ['images', 'delete'], { name, sync: false }))
        : TE.right(undefined)
    )
  )
