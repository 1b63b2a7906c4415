import { createHash } from 'node:crypto'

import { ImageReference, isLoopback } from '../../core/decode/ImageReference'
import { Failure } from '../../core/domain/Failure'
import { Descriptor } from '../containerd/content'
import { MEDIA_TYPES } from '../image/Manifest'
import { Login } from '../Machine'
import { Thrown } from '../Thrown'
import { authorize, challengeIn } from './login'
import { Answer, Ask, bodyOf, request } from './request'

/** A repository at a registry, read only. Every method throws `Thrown`. */
export interface Registry {
  /** A manifest or index by tag or digest: what it is and its bytes, digest verified. */
  readonly manifest: (tagOrDigest: string) => Promise<{ readonly descriptor: Descriptor; readonly bytes: Buffer }>
  /** The bytes of a blob, as they come. Whoever stores them verifies the digest. */
  readonly blob: (digest: string) => Promise<AsyncIterable<Uint8Array>>
}

const MAX_MANIFEST = 4 * 1024 * 1024
const TRIES = 3
const AGAIN = [408, 429, 500, 502, 503, 504]

/** Opens a repository. Plain http is spoken to loopback only. */
export const Registry = (reference: ImageReference, login: Login | undefined, signal: AbortSignal): Registry => {
  const host = reference.registry === 'docker.io' ? 'registry-1.docker.io' : reference.registry
  const state: { authorization?: string; base?: string } = {}
  const baseOf = async (): Promise<string> =>
    (state.base ??= `${await schemeOf(reference.registry, signal)}://${host}/v2/${reference.repository}`)
  const ask = async (path: string, how: Omit<Ask, 'signal'>): Promise<Answer> => {
    const answer = await tried(new URL(`${await baseOf()}/${path}`), { ...how, headers: withLogin(how.headers, state.authorization), signal }, reference)
    if (answer.status !== 401 || state.authorization !== undefined) return checked(answer, reference, login)
    answer.body.destroy()
    const challenge = challengeIn(answer.headers['www-authenticate'])
    const authorization = challenge === undefined ? undefined : await authorize(challenge, reference.repository, login, signal)
    if (authorization === undefined) throw new Thrown(denied(reference, login))
    state.authorization = authorization
    return ask(path, how)
  }
  return {
    manifest: async (tagOrDigest) => {
      const answer = await ask(`manifests/${tagOrDigest}`, { headers: { Accept: MEDIA_TYPES.join(', ') } })
      const bytes = await bodyOf(answer, MAX_MANIFEST)
      return { descriptor: described(answer, bytes, tagOrDigest, reference), bytes }
    },
    blob: async (digest) => (await ask(`blobs/${digest}`, {})).body as AsyncIterable<Uint8Array>
  }
}

const BAD_REQUEST = 400

/** A registry on this machine may speak plain http. One that speaks TLS answers http with 400, or hangs up. */
const schemeOf = async (registry: string, signal: AbortSignal): Promise<'http' | 'https'> => {
  if (!isLoopback(registry)) return 'https'
  try {
    const answer = await request(new URL(`http://${registry}/v2/`), { signal })
    answer.body.destroy()
    return answer.status === BAD_REQUEST ? 'https' : 'http'
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'ECONNRESET' ? 'https' : 'http'
  }
}

const withLogin = (headers: Ask['headers'], authorization: string | undefined): Readonly<Record<string, string>> => ({
  'User-Agent': 'containerd-driver', ...headers, ...(authorization === undefined ? {} : { Authorization: authorization })
})

const tried = async (url: URL, ask: Ask, { name, registry }: ImageReference, attempt = 1): Promise<Answer> => {
  try {
    const answer = await request(url, ask)
    if (!AGAIN.includes(answer.status) || attempt >= TRIES) return answer
    answer.body.destroy()
  } catch (thrown) {
    if (ask.signal.aborted) throw thrown
    const why = thrown instanceof Error ? (thrown.message || String((thrown as NodeJS.ErrnoException).code)) : String(thrown)
    if (attempt >= TRIES) throw new Thrown(Failure('Unavailable', `pull ${name}`, `registry ${registry} cannot be reached: ${why}`))
  }
  await new Promise((resolve) => setTimeout(resolve, 200 * attempt))
  return tried(url, ask, { name, registry } as ImageReference, attempt + 1)
}

const denied = ({ name, registry }: ImageReference, login: Login | undefined): Failure =>
  Failure('Denied', `pull ${name}`, login === undefined
    ? `registry ${registry} asks for a login: set \`auth { username, password }\` in the task or in the plugin's config; an image that does not exist is answered alike`
    : `registry ${registry} refuses the login of ${login.username}`)

const checked = (answer: Answer, reference: ImageReference, login: Login | undefined): Answer => {
  if (answer.status >= 200 && answer.status < 300) return answer
  answer.body.destroy()
  const doing = `pull ${reference.name}`
  if (answer.status === 404) throw new Thrown(Failure('NotFound', doing, `registry ${reference.registry} has no such image: check the name and the tag`))
  if (answer.status === 401 || answer.status === 403) throw new Thrown(denied(reference, login))
  const tag = AGAIN.includes(answer.status) ? 'Unavailable' : 'Invalid'
  throw new Thrown(Failure(tag, doing, `registry ${reference.registry} answers ${String(answer.status)}`))
}

const described = ({ headers }: Answer, bytes: Buffer, asked: string, { name }: ImageReference): Descriptor => {
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  if (asked.startsWith('sha256:') && asked !== digest) {
    throw new Thrown(Failure('Invalid', `pull ${name}`, `the registry answered a manifest with digest ${digest} for ${asked}`))
  }
  const mediaType = (headers['content-type'] ?? '').split(';')[0]?.trim() ?? ''
  if (!MEDIA_TYPES.includes(mediaType)) throw new Thrown(Failure('Invalid', `pull ${name}`, `the registry answered a ${mediaType}, which is no image`))
  return { mediaType, digest, size: bytes.length }
}
