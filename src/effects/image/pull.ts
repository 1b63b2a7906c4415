import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Descriptor } from '../../core/image/Descriptor'
import * as ImageReference from '../../core/image/ImageReference'
import * as Manifest from '../../core/image/Manifest'
import { mismatch } from '../../core/image/Platform'
import { Asked, Bounds } from '../../core/plan/acts'
import { Containerd } from '../containerd/Containerd'
import * as content from '../containerd/content'
import { within } from '../ports/Clock'
import { Logins, Performing } from '../ports/Machine'
import { stoppedBy, whyStopped } from '../ports/stoppedBy'
import { systemClock } from '../ports/systemClock'
import { failureOf, Thrown } from '../ports/Thrown'
import { manifestFor } from '../registry/manifestFor'
import { Registry } from '../registry/Registry'
import { atOnce } from './atOnce'
import { withinBytes, withinLayers } from './bounds'
import { record } from './record'

/**
 * What to pull, for which platform (the host's when left out), under which lease, how far it may go, and with which
 * login.
 */
export interface Pull extends Bounds, Asked {
  readonly name: string
  readonly platform?: string
  readonly lease: string
  readonly logins: Logins
  /** Cuts the pull off; it never takes longer than `timeoutMs`. */
  readonly signal?: AbortSignal
  /** Hears of the bytes that came from the registry. */
  readonly tell?: Performing['tell'] | undefined
}

/**
 * Brings an image from its registry into containerd's content store and records its name. Every digest is verified. The
 * first failure ends all of it: when this has resolved nothing is fetched or written any more.
 */
export const pull =
  (containerd: Containerd, what: Pull): TE.TaskEither<Failure, void> =>
  async () => {
    const doing = `pull ${what.name}`
    const reference = ImageReference.parse(what.name)
    if (E.isLeft(reference)) return E.left(Failure('Invalid', doing, reference.left))
    const untilMs = Date.now() + what.timeoutMs
    const time = within(systemClock, what.timeoutMs, what.signal)
    const stop = stoppedBy(time.signal)
    try {
      await fetchAll(
        { containerd, what, registry: Registry(reference.right, { ...what, signal: stop.signal, untilMs }), stop },
        reference.right
      )
      return E.right(undefined)
    } catch (thrown) {
      if (time.signal.aborted) return E.left(whyStopped(time.signal, doing, what.timeoutMs))
      const failure = failureOf(thrown, doing)
      return E.left(
        failure.doing === doing ? failure : { ...failure, doing, detail: `${failure.doing}: ${failure.detail}` }
      )
    } finally {
      stop.abort()
      time.end()
    }
  }

const must = async (act: TE.TaskEither<Failure, void>): Promise<void> => {
  const outcome = await act()
  if (E.isLeft(outcome)) throw new Thrown(outcome.left)
}

interface Work {
  readonly containerd: Containerd
  readonly what: Pull
  readonly registry: Registry
  readonly stop: AbortController
}

const fetchAll = async (work: Work, reference: ImageReference.ImageReference): Promise<void> => {
  const { containerd, what, registry, stop } = work
  const { name, platform = '', lease } = what
  const doing = `pull ${name}`
  const { top, isIndex, way, chosen, bytes, manifest } = await manifestFor(
    registry,
    reference.digest ?? reference.tag ?? 'latest',
    platform,
    doing
  )
  failing(doing, withinLayers(manifest, what))
  failing(doing, withinBytes(manifest, what))
  const layers = once(manifest.layers)
  const heard = { ...work, registry: counted(registry, [manifest.config, ...layers], what.tell) }
  await fetchConfig(heard, manifest, isIndex ? '' : platform)
  await atOnce(what.parallel, layers, stop, (blob) => fetchBlob(heard, blob))
  await must(content.write(containerd, chosen, () => Promise.resolve([bytes]), lease, keeps(manifest), stop.signal))
  for (const { index, chosen: next } of way.toReversed()) {
    const bytesOf = (): Promise<ReadonlyArray<Uint8Array>> => Promise.resolve([index.bytes])
    await must(content.write(containerd, index.descriptor, bytesOf, lease, {}, stop.signal))
    // The index may be here already, on account of another platform: what it keeps is added to.
    await must(content.label(containerd, index.descriptor.digest, keepsOne(next)))
  }
  await must(record(containerd, name, top.descriptor, lease))
}

/** Each blob once. */
const once = (blobs: ReadonlyArray<Descriptor>): ReadonlyArray<Descriptor> =>
  [...new Map(blobs.map((blob) => [blob.digest, blob])).values()]

/** The registry, with every byte of a blob told as it comes. */
const counted = (registry: Registry, blobs: ReadonlyArray<Descriptor>, tell: Pull['tell']): Registry => {
  if (tell === undefined) return registry
  const ofBytes = blobs.reduce((sum, { size }) => sum + size, 0)
  let bytes = 0
  const count = async function* (data: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of data) {
      bytes += chunk.length
      tell({ bytes, ofBytes })
      yield chunk
    }
  }
  return { ...registry, blob: async (blob) => count(await registry.blob(blob)) }
}

const SHA256 = 'sha256:'.length
const SHORT = 16

/** What an index keeps of its manifests, by their digests: other clients number theirs. */
const keepsOne = ({ digest }: Descriptor): Readonly<Record<string, string>> =>
  ({ [`containerd.io/gc.ref.content.m.${digest.slice(SHA256, SHA256 + SHORT)}`]: digest })

/** The config comes first: it is small, and says whether the rest is worth fetching. */
const fetchConfig = async (work: Work, { config, layers }: Manifest.Manifest, platform: string): Promise<void> => {
  const doing = `pull ${work.what.name}`
  await fetchBlob(work, config)
  const document = await content.readJson(work.containerd, config.digest)()
  if (E.isLeft(document)) throw new Thrown(document.left)
  // An image that is no index may be for another platform than the one that was asked for.
  const other = mismatch(platform, document.right)
  if (other !== undefined) failing(doing, E.left(other))
  const diffIds = Manifest.diffIdsOf(document.right)
  if (E.isLeft(diffIds)) failing(doing, E.left(`its config ${diffIds.left}`))
  else if (diffIds.right.length !== layers.length)
    failing(doing, E.left('its manifest and its config do not agree on the layers'))
}

const failing = (doing: string, outcome: E.Either<string, void>): void => {
  if (E.isLeft(outcome)) throw new Thrown(Failure('Invalid', doing, outcome.left))
}

// A blob that is there is opened for writing all the same: containerd answers at once, and the lease holds it.
const fetchBlob = ({ containerd, registry, what, stop }: Work, blob: Descriptor): Promise<void> =>
  must(content.write(containerd, blob, () => registry.blob(blob), what.lease, {}, stop.signal))

/** What a manifest keeps from the garbage collector: its config and its layers. */
export const keeps = ({ config, layers }: Manifest.Manifest): Readonly<Record<string, string>> => ({
  'containerd.io/gc.ref.content.config': config.digest,
  ...Object.fromEntries(layers.map(({ digest }, index) => [`containerd.io/gc.ref.content.l.${String(index)}`, digest]))
})
