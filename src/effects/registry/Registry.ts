import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'

import { Failure } from '../../core/domain/Failure'
import { Descriptor } from '../../core/image/Descriptor'
import { ImageReference, isLoopback, isSameRegistry } from '../../core/image/ImageReference'
import { MEDIA_TYPES } from '../../core/image/Manifest'
import { Login } from '../ports/Machine'
import { codeOf, messageOf, Thrown } from '../ports/Thrown'
import { cut } from './blobBody'
import { Astray, Home } from './Home'
import { authorize, challengeIn } from './login'
import { refusal } from './refusal'
import { Answer, Ask, bodyOf, request } from './request'

/**
 * A repository at a registry, read only. Every method throws `Thrown`, whose failure names the image and the registry.
 */
export interface Registry {
  /** A manifest or index by tag or digest: what it is and its bytes, digest verified. */
  readonly manifest: (tagOrDigest: string) => Promise<{ readonly descriptor: Descriptor; readonly bytes: Buffer }>
  /** Resolves when the registry lets us have this manifest. Nothing is fetched. */
  readonly access: (tagOrDigest: string) => Promise<void>
  /** The bytes of a blob, as they come, and never more than it says. Whoever stores them verifies the digest. */
  readonly blob: (blob: Descriptor) => Promise<AsyncIterable<Uint8Array>>
}

const MAX_MANIFEST = 4 * 1024 * 1024
const TRIES = 3
const UNAUTHORIZED = 401
const METHOD_NOT_ALLOWED = 405
const AGAIN = [408, 429, 500, 502, 503, 504]

/** A repository, and what is known of it so far. */
interface Repository {
  readonly reference: ImageReference
  readonly login: Login | undefined
  readonly signal: AbortSignal
  readonly state: { authorization?: string; base?: Promise<URL> }
}

/** Opens a repository. Plain http is spoken to loopback only; a login for another registry is not used. */
export const Registry = (reference: ImageReference, given: Login | undefined, signal: AbortSignal): Registry => {
  const login = given !== undefined && isSameRegistry(given.registry, reference.registry) ? given : undefined
  const at: Repository = { reference, login, signal, state: {} }
  return {
    manifest: (tagOrDigest) =>
      told(at, async () => {
        const answer = await granted(at, await answered(at, `manifests/${tagOrDigest}`, { headers: ACCEPT }), NO_IMAGE)
        const bytes = await bodyOf(answer, MAX_MANIFEST)
        return { descriptor: described(answer, bytes, tagOrDigest, reference), bytes }
      }),
    access: (tagOrDigest) =>
      told(at, async () => {
        const path = `manifests/${tagOrDigest}`
        const head = await answered(at, path, { headers: ACCEPT, method: 'HEAD' })
        const answer = await granted(
          at,
          head.status === METHOD_NOT_ALLOWED ? await answered(at, path, { headers: ACCEPT }) : head,
          NO_IMAGE
        )
        answer.body.destroy()
      }),
    blob: (blob) =>
      told(at, async () => {
        const answer = await answered(at, `blobs/${blob.digest}`, {})
        return cut(await granted(at, answer, `no blob ${blob.digest}, which its manifest names`), blob, reference)
      })
  }
}

/** Asks, and asks again with a login where the registry wants one. */
const answered = async (at: Repository, path: string, how: Omit<Ask, 'signal'>): Promise<Answer> => {
  const { reference, login, signal, state } = at
  const base = await (state.base ??= baseOf(reference, signal))
  const home = Home(base)
  const answer = await tried(
    home,
    new URL(path, base),
    { ...how, headers: withLogin(how.headers, state.authorization), signal },
    reference
  )
  // Whoever else asks for a login does not get it: the way may lead through places that the registry does not speak
  // for.
  if (answer.status !== UNAUTHORIZED || answer.url.origin !== home.origin || state.authorization !== undefined)
    return answer
  const challenge = challengeIn(answer.headers['www-authenticate'])
  const authorization =
    challenge === undefined
      ? undefined
      : await authorize(challenge, { home, repository: reference.repository, login, signal })
  if (authorization === undefined) return answer
  answer.body.destroy()
  state.authorization = authorization
  return answered(at, path, how)
}

const granted = async ({ reference, login, state }: Repository, answer: Answer, missing: string): Promise<Answer> => {
  if (answer.status >= 200 && answer.status < 300) return answer
  const isOwn = answer.url.origin === (await state.base)?.origin
  throw new Thrown(await refusal(answer, { isOwn, reference, login, missing }))
}

/** Does the work; whatever goes wrong names the image and the registry. */
const told = async <A>({ reference, signal }: Repository, work: () => Promise<A>): Promise<A> => {
  try {
    return await work()
  } catch (thrown) {
    throw asThrown(thrown, reference, signal)
  }
}

const NO_IMAGE = 'no such image: check the name and the tag'

const ACCEPT = { Accept: MEDIA_TYPES.join(', ') }

const asThrown = (thrown: unknown, { name, registry }: ImageReference, signal: AbortSignal): unknown => {
  if (thrown instanceof Thrown || signal.aborted) return thrown
  const doing = `pull ${name}`
  const message = messageOf(thrown)
  return new Thrown(thrown instanceof Astray
    ? Failure('Invalid', doing, `registry ${registry} ${message}`)
    : Failure('Unavailable', doing, `registry ${registry} broke off its answer: ${message}`))
}

const baseOf = async ({ registry, repository }: ImageReference, signal: AbortSignal): Promise<URL> => {
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry
  return new URL(`${await schemeOf(registry, signal)}://${host}/v2/${repository}/`)
}

const BAD_REQUEST = 400

/** A registry on this machine may speak plain http. One that speaks TLS answers http with 400, or hangs up. */
const schemeOf = async (registry: string, signal: AbortSignal): Promise<'http' | 'https'> => {
  if (!isLoopback(registry)) return 'https'
  const url = new URL(`http://${registry}/v2/`)
  try {
    const answer = await request(Home(url), url, { signal })
    answer.body.destroy()
    return answer.status === BAD_REQUEST ? 'https' : 'http'
  } catch (thrown) {
    return codeOf(thrown) === 'ECONNRESET' ? 'https' : 'http'
  }
}

const withLogin = (headers: Ask['headers'], authorization: string | undefined): Readonly<Record<string, string>> => ({
  'User-Agent': 'containerd-driver',
  ...headers,
  ...(authorization === undefined ? {} : { Authorization: authorization })
})

const tried = async (home: Home, url: URL, ask: Ask, { name, registry }: ImageReference): Promise<Answer> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await request(home, url, ask)
      if (!AGAIN.includes(answer.status) || attempt >= TRIES) return answer
      answer.body.destroy()
    } catch (thrown) {
      if (ask.signal.aborted || thrown instanceof Astray) throw thrown
      const why = `registry ${registry} cannot be reached: ${messageOf(thrown)}`
      if (attempt >= TRIES) throw new Thrown(Failure('Unavailable', `pull ${name}`, why))
    }
    await pause(200 * attempt, undefined, { signal: ask.signal })
  }
}

const described = (
  { headers }: Answer, bytes: Buffer, asked: string, { name, registry }: ImageReference
): Descriptor => {
  const refuse = (what: string): never => {
    throw new Thrown(Failure('Invalid', `pull ${name}`, `registry ${registry} answered ${what}`))
  }
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  if (asked.startsWith('sha256:') && asked !== digest) refuse(`a manifest with digest ${digest} for ${asked}`)
  const mediaType = (headers['content-type'] ?? '').split(';')[0]?.trim() ?? ''
  if (!MEDIA_TYPES.includes(mediaType)) refuse(`a ${mediaType.slice(0, 100)}, which is no image`)
  return { mediaType, digest, size: bytes.length }
}
