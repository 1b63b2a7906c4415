import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import * as ImageReference from '../../core/decode/ImageReference'
import { Failure } from '../../core/domain/Failure'
import { within } from '../Clock'
import { Containerd } from '../containerd/Containerd'
import * as content from '../containerd/content'
import { Login, Performing } from '../Machine'
import { manifestFor } from '../registry/manifestFor'
import { Registry } from '../registry/Registry'
import { systemClock } from '../systemClock'
import { failureOf, Thrown } from '../Thrown'
import * as Manifest from './Manifest'
import { mismatch } from './Platform'
import { record } from './record'

/** What to pull, for which platform (the host's when left out), under which lease, how long it may take, and with which login. */
export interface Pull {
  readonly name: string
  readonly platform?: string
  readonly lease: string
  readonly timeoutMs: number
  readonly login: Login | undefined
  /** Cuts the pull off. */
  readonly signal?: AbortSignal
  /** Hears of the bytes that came from the registry. */
  readonly tell?: Performing['tell'] | undefined
}

/** Brings an image from its registry into containerd's content store and records its name. Every digest is verified. */
export const pull = (containerd: Containerd, what: Pull): TE.TaskEither<Failure, void> => async () => {
  const doing = `pull ${what.name}`
  const reference = ImageReference.parse(what.name)
  if (E.isLeft(reference)) return E.left(Failure('Invalid', doing, reference.left))
  const time = within(systemClock, what.timeoutMs, what.signal)
  const limit = time.signal
  try {
    await fetchAll(containerd, what, reference.right, Registry(reference.right, what.login, limit), limit)
    return E.right(undefined)
  } catch (thrown) {
    if (what.signal?.aborted === true) return E.left(Failure('Cancelled', doing, 'was stopped while it was under way'))
    if (time.isUp()) return E.left(Failure('TimedOut', doing, `took longer than image_pull_timeout (${String(what.timeoutMs)} ms)`))
    return E.left(failureOf(thrown, doing))
  } finally {
    time.end()
  }
}

const must = async (act: TE.TaskEither<Failure, void>): Promise<void> => {
  const outcome = await act()
  if (E.isLeft(outcome)) throw new Thrown(outcome.left)
}

const fetchAll = async (
  containerd: Containerd, { name, platform = '', lease, tell }: Pull, reference: ImageReference.ImageReference, registry: Registry, limit: AbortSignal
): Promise<void> => {
  const doing = `pull ${name}`
  const { top, isIndex, chosen, bytes, manifest } = await manifestFor(registry, reference.digest ?? reference.tag ?? 'latest', platform, doing)
  if (platform !== '' && !isIndex) await refuseOther(containerd, registry, manifest.config, { name, platform, lease }, limit)
  const blobs = [manifest.config, ...manifest.layers]
  const heard = tell === undefined ? registry : counted(registry, blobs.reduce((sum, { size }) => sum + size, 0), tell)
  await Promise.all(blobs.map((blob) => fetchBlob(containerd, heard, blob, lease, limit)))
  await must(content.write(containerd, chosen, () => Promise.resolve([bytes]), lease, keeps(manifest)))
  if (isIndex) {
    await must(content.write(containerd, top.descriptor, () => Promise.resolve([top.bytes]), lease))
    // The index may be here already, on account of another platform: what it keeps is added to.
    await must(content.label(containerd, top.descriptor.digest, keepsOne(chosen)))
  }
  await must(record(containerd, name, top.descriptor, lease))
}

/** The registry, with every byte of a blob told as it comes. */
const counted = (registry: Registry, ofBytes: number, tell: NonNullable<Pull['tell']>): Registry => {
  let bytes = 0
  const count = async function* (data: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of data) {
      bytes += chunk.length
      tell({ bytes, ofBytes })
      yield chunk
    }
  }
  return { ...registry, blob: async (digest) => count(await registry.blob(digest)) }
}

const SHA256 = 'sha256:'.length
const SHORT = 16

/** What an index keeps of its manifests, by their digests: other clients number theirs. */
const keepsOne = ({ digest }: content.Descriptor): Readonly<Record<string, string>> =>
  ({ [`containerd.io/gc.ref.content.m.${digest.slice(SHA256, SHA256 + SHORT)}`]: digest })

/** An image that is no index may be for another platform than the one that was asked for; its config says which. */
const refuseOther = async (
  containerd: Containerd, registry: Registry, config: content.Descriptor, { name, platform = '', lease }: Pick<Pull, 'name' | 'platform' | 'lease'>, limit: AbortSignal
): Promise<void> => {
  await fetchBlob(containerd, registry, config, lease, limit)
  const document = await content.readJson(containerd, config.digest)()
  if (E.isLeft(document)) throw new Thrown(document.left)
  const other = mismatch(platform, document.right)
  if (other !== undefined) throw new Thrown(Failure('Invalid', `pull ${name}`, other))
}

// A blob that is there is opened for writing all the same: containerd answers at once, and the lease holds it.
const fetchBlob = (
  containerd: Containerd, registry: Registry, blob: content.Descriptor, lease: string, limit: AbortSignal
): Promise<void> => must(content.write(containerd, blob, () => registry.blob(blob.digest), lease, {}, limit))

/** What a manifest keeps from the garbage collector: its config and its layers. */
export const keeps = ({ config, layers }: Manifest.Manifest): Readonly<Record<string, string>> => ({
  'containerd.io/gc.ref.content.config': config.digest,
  ...Object.fromEntries(layers.map(({ digest }, index) => [`containerd.io/gc.ref.content.l.${String(index)}`, digest]))
})
