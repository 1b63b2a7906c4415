import { Failure } from '../../core/domain/Failure'
import { Descriptor } from '../../core/image/Descriptor'
import { ImageReference } from '../../core/image/ImageReference'
import { MEDIA_TYPES } from '../../core/image/Manifest'
import { digestOf } from '../ports/digestOf'
import { Document } from '../ports/Document'
import { Logins } from '../ports/Machine'
import { messageOf, Thrown } from '../ports/Thrown'
import { blobBody } from './blobBody'
import { elsewhere } from './elsewhere'
import { Astray } from './Home'
import { placesOf } from './placesOf'
import { Answer, bodyOf, drop } from './request'
import { Session, underName } from './Session'

/**
 * A repository at a registry, read only, through its mirrors where the operator names some. Every method throws
 * `Thrown`, whose failure names the image and the registry.
 */
export interface Registry {
  /** A manifest or index by tag or digest: what it is and its bytes, digest verified. */
  readonly manifest: (tagOrDigest: string) => Promise<Document>
  /** Resolves when the registry lets us have this manifest. Nothing is fetched. */
  readonly access: (tagOrDigest: string) => Promise<void>
  /**
   * The bytes of a blob, as they come, and never more than it says; a connection that breaks is taken up where it was.
   * Whoever stores them verifies the digest.
   */
  readonly blob: (blob: Descriptor) => Promise<AsyncIterable<Uint8Array>>
}

/** How a registry is asked. */
export interface Asking {
  readonly logins: Logins
  /** The directory of hosts.toml files; `""` for none. */
  readonly hosts: string
  /** How long a registry may send nothing worth the name, in milliseconds. */
  readonly silenceMs: number
  /** Ends all of it. */
  readonly signal: AbortSignal
  /** When the time is up, in milliseconds since 1970: nothing is waited for that comes later. */
  readonly untilMs: number
}

const MAX_MANIFEST = 4 * 1024 * 1024

/** Opens a repository. Plain http is spoken to loopback, and to what a hosts.toml names so. */
export const Registry = (reference: ImageReference, asking: Asking): Registry => {
  const open: { sessions?: Promise<ReadonlyArray<Session>> } = {}
  const at: At = { reference, asking, sessions: () => (open.sessions ??= sessionsOf(reference, asking)) }
  return {
    manifest: (tagOrDigest) =>
      first(at, whoMay(tagOrDigest), async ({ ask, place }) => {
        const answer = await ask(`manifests/${tagOrDigest}`, { headers: ACCEPT }, NO_IMAGE)
        const bytes = await bodyOf(answer, MAX_MANIFEST)
        return { descriptor: described(answer, bytes, tagOrDigest, { doing: doingOf(at), place: place.name }), bytes }
      }),
    access: (tagOrDigest) =>
      first(at, whoMay(tagOrDigest), async ({ ask }) => {
        drop(await ask(`manifests/${tagOrDigest}`, { headers: ACCEPT, method: 'HEAD' }, NO_IMAGE))
      }),
    blob: (blob) => {
      const missing = `no blob ${blob.digest}, which its manifest names`
      const named = { doing: doingOf(at), place: `registry ${reference.registry}`, signal: asking.signal }
      const ask = (from: number): Promise<Answer> =>
        first(at, MAY_PULL, (one) => one.ask(`blobs/${blob.digest}`, from === 0 ? {} : rangeFrom(from), missing))
      return blobBody(blob, named, (from) => ask(from).catch((thrown: unknown) => orElsewhere(at, blob, from, thrown)))
    }
  }
}

interface At {
  readonly reference: ImageReference
  readonly asking: Asking
  readonly sessions: () => Promise<ReadonlyArray<Session>>
}

const doingOf = ({ reference: { name } }: Pick<At, 'reference'>): string => `pull ${name}`

const sessionsOf = async (reference: ImageReference, asking: Asking): Promise<ReadonlyArray<Session>> => {
  const { registry, repository } = reference
  const { logins, hosts, signal, untilMs, silenceMs } = asking
  const doing = doingOf({ reference })
  const places = await placesOf(registry, hosts, signal)
  return places.map((place) =>
    Session(place, {
      registry, repository, logins, silenceMs, patience: { doing, place: place.name, signal, untilMs }
    }))
}

type May = (session: Session) => boolean

const MAY_PULL: May = ({ place }) => place.mayPull

const MAY_RESOLVE: May = ({ place }) => place.mayResolve

/** What has a digest proves itself, whoever gives it; what a tag stands for is a matter of trust. */
const whoMay = (tagOrDigest: string): May => (tagOrDigest.startsWith('sha256:') ? MAY_PULL : MAY_RESOLVE)

/** Asks one place after the other until one has it. What the last one says counts, and the others' words stand behind. */
const first = async <A>(at: At, may: May, work: (session: Session) => Promise<A>): Promise<A> => {
  const failures: Array<Failure> = []
  for (const session of await named(at, `registry ${at.reference.registry}`, at.sessions)) {
    if (!may(session)) continue
    try {
      return await named(at, session.place.name, () => work(session))
    } catch (thrown) {
      if (!(thrown instanceof Thrown)) throw thrown
      failures.push(thrown.failure)
    }
  }
  throw new Thrown(together(failures, at))
}

const together = (failures: ReadonlyArray<Failure>, at: At): Failure => {
  const last = failures.at(-1)
  const nobody = `no hosts.toml entry of registry ${at.reference.registry} may be asked for it`
  if (last === undefined) return Failure('Invalid', doingOf(at), nobody)
  const passing = failures.find(({ _tag }) => _tag === 'Unavailable' || _tag === 'TimedOut')
  const detail = [last, ...failures.slice(0, -1)].map((one) => one.detail).join('; ')
  return Failure((passing ?? last)._tag, last.doing, detail)
}

/** Does the work; whatever goes wrong names the image and the place. */
const named = async <A>(at: At, place: string, work: () => Promise<A>): Promise<A> => {
  const doing = doingOf(at)
  try {
    return await work()
  } catch (thrown) {
    if (at.asking.signal.aborted) throw thrown
    if (thrown instanceof Thrown) throw new Thrown(underName(thrown.failure, doing))
    const message = messageOf(thrown)
    throw new Thrown(thrown instanceof Astray
      ? Failure('Invalid', doing, `${place} ${message}`)
      : Failure('Unavailable', doing, `${place} broke off its answer: ${message}`))
  }
}

/** A blob that the registry does not have, from where its manifest says that it lies too. */
const orElsewhere = async (at: At, blob: Descriptor, from: number, thrown: unknown): Promise<Answer> => {
  const session = (await at.sessions()).at(-1)
  const isMissing = thrown instanceof Thrown && thrown.failure._tag === 'NotFound'
  const found = isMissing && session !== undefined
    ? await elsewhere(blob, session.place, at.asking, from === 0 ? {} : rangeFrom(from).headers)
    : undefined
  if (found === undefined) throw thrown
  return found
}

const NO_IMAGE = 'no such image: check the name and the tag'

const ACCEPT = { Accept: MEDIA_TYPES.join(', ') }

const rangeFrom = (from: number): { readonly headers: { readonly Range: string } } =>
  ({ headers: { Range: `bytes=${String(from)}-` } })

const SCHEMA_1 = /^application\/vnd\.docker\.distribution\.manifest\.v1\+(?:json|prettyjws)$/

interface Named {
  readonly doing: string
  readonly place: string
}

const described = ({ headers }: Answer, bytes: Buffer, asked: string, { doing, place }: Named): Descriptor => {
  const refuse = (what: string): never => {
    throw new Thrown(Failure('Invalid', doing, `${place} answered ${what}`))
  }
  const digest = digestOf(bytes)
  if (asked.startsWith('sha256:') && asked !== digest) refuse(`a manifest with digest ${digest} for ${asked}`)
  const mediaType = (headers['content-type'] ?? '').split(';')[0]?.trim() ?? ''
  if (SCHEMA_1.test(mediaType))
    refuse('an image of Docker\'s schema 1, which containerd runs no more: push it again with a docker of this decade')
  if (!MEDIA_TYPES.includes(mediaType)) refuse(`a ${mediaType.slice(0, 100)}, which is no image`)
  return { mediaType, digest, size: bytes.length }
}
