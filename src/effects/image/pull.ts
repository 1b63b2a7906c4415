import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import * as ImageReference from '../../core/image/ImageReference'
import * as Manifest from '../../core/image/Manifest'
import { mismatch } from '../../core/image/Platform'
import { Ahead, Asked, Bounds } from '../../core/plan/fetching'
import { Verifier } from '../../core/plan/Verifier'
import { Containerd } from '../containerd/Containerd'
import * as content from '../containerd/content'
import { within } from '../ports/Clock'
import { Logins, Performing } from '../ports/Machine'
import { must, mustBe } from '../ports/must'
import { stoppedBy, whyStopped } from '../ports/stoppedBy'
import { systemClock } from '../ports/systemClock'
import { failureOf, Thrown } from '../ports/Thrown'
import { manifestFor } from '../registry/manifestFor'
import { Registry } from '../registry/Registry'
import { withinBytes, withinLayers } from './bounds'
import { fetchBlob, Fetching, fetchLayers, told } from './fetchLayers'
import { joined } from './joined'
import { record } from './record'
import { storeDocuments } from './storeDocuments'
import { letIn } from './verifyImage'

/**
 * What to pull, for which platform (the host's when left out), under which lease, how far it may go, and with which
 * login.
 */
export interface Pull extends Bounds, Asked {
  readonly ahead: Ahead
  readonly name: string
  readonly platform?: string
  readonly lease: string
  /** The agent that has it pulled; left out where an operator does. */
  readonly node?: string
  readonly logins: Logins
  /** Who has to let it in, and the task that it is for; nobody when left out. */
  readonly verifier?: Verifier
  readonly owner?: string
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
      const registry = Registry(reference.right, { ...what, signal: stop.signal, untilMs })
      await fetchAll({ containerd, what, registry, stop, ended: time.signal }, reference.right)
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

/** Passes on what is more than was told before: whoever has waited for another finds all of it here. */
const rising = (tell: Pull['tell']): Pull['tell'] => {
  const most = { bytes: 0 }
  return tell === undefined
    ? undefined
    : (come) => {
        if (come.bytes <= most.bytes) return
        most.bytes = come.bytes
        tell(come)
      }
}

/** `ended`: somebody stopped it, or its time is up; `stop` ends what is under way for any reason. */
type Work = Omit<Fetching, 'tell' | 'what' | 'manifestDigest'> & { readonly what: Pull; readonly ended: AbortSignal }

const fetchAll = async (work: Work, reference: ImageReference.ImageReference): Promise<void> => {
  const { containerd, what, registry, stop, ended } = work
  const { name, platform = '', lease, verifier, owner = '' } = what
  const doing = `pull ${name}`
  const { top, isIndex, way, chosen, bytes, manifest } = await manifestFor(
    registry,
    reference.digest ?? reference.tag ?? 'latest',
    platform,
    doing
  )
  mustBe(doing, withinLayers(manifest, what))
  mustBe(doing, withinBytes(manifest, what))
  // Nothing but the manifest has come yet, and nothing is written.
  await letIn({ name, descriptor: top.descriptor }, verifier, { owner, signal: ended, doing })
  // Who may have the manifest has been let in: its blobs come once for all who want them now.
  const key = `${chosen.digest} ${what.ahead.snapshotter}`
  await joined(containerd, key, { signal: ended, tell: rising(what.tell) }, async (tell) => {
    const fetching = { ...work, manifestDigest: chosen.digest, tell: told(manifest, tell) }
    await fetchLayers(fetching, manifest, await fetchConfig(fetching, manifest, isIndex ? '' : platform))
  })
  const documents = { manifest: { descriptor: chosen, bytes, of: manifest }, way }
  await storeDocuments({ containerd, lease, signal: stop.signal }, documents)
  must(await record(containerd, name, top.descriptor, { lease, node: what.node ?? '' })())
}

/** The config comes first: it is small, and says whether the rest is worth fetching. Gives the digests of the layers. */
const fetchConfig = async (
  work: Fetching, manifest: Manifest.Manifest, platform: string
): Promise<ReadonlyArray<string>> => {
  const doing = `pull ${work.what.name}`
  await fetchBlob(work, manifest.config)
  const document = must(await content.readJson(work.containerd, manifest.config.digest)())
  // An image that is no index may be for another platform than the one that was asked for.
  const other = mismatch(platform, document)
  if (other !== undefined) throw new Thrown(Failure('Invalid', doing, other))
  return mustBe(doing, Manifest.agreedDiffIds(manifest, document))
}
