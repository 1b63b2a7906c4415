import * as E from 'fp-ts/Either'

import * as LocalSource from './LocalSource'

/** A parsed image name (distribution reference grammar; Docker's rules for what is left out). */
export interface ImageReference {
  readonly registry: string
  readonly repository: string
  readonly tag?: string
  readonly digest?: string
  /** The file or directory of the task that it is read from; then there is no registry. */
  readonly source?: LocalSource.LocalSource
  /** The full name: `docker.io/library/redis:7`. With a digest, the digest alone stands after it. */
  readonly name: string
}

const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const REPOSITORY = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`)
const REGISTRY = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/
const TAG = /^\w[\w.-]{0,127}$/
const DIGEST = /^sha256:[0-9a-f]{64}$/
const MAX_NAME = 255

/** Reads `redis`, `redis:7`, `registry:5000/team/app@sha256:…`; Left says what is wrong with the name. */
export const parse = (text: string): E.Either<string, ImageReference> => {
  const local = LocalSource.parse(text)
  return local === undefined
    ? parseName(text)
    : E.map((source: LocalSource.LocalSource) => ({ registry: '', repository: source.path, source, name: text }))(local)
}

const parseName = (text: string): E.Either<string, ImageReference> => {
  const [named = '', digest, ...rest] = text.split('@')
  if (rest.length > 0) return E.left('must contain at most one `@`')
  if (digest !== undefined && !DIGEST.test(digest))
    return E.left('must have a digest of the form sha256:<64 hex digits>')
  const { registry, path } = splitRegistry(named)
  const colon = path.lastIndexOf(':')
  const repository = withLibrary(registry, colon < 0 ? path : path.slice(0, colon))
  const usual = digest === undefined ? 'latest' : undefined
  const tag = colon < 0 ? usual : path.slice(colon + 1)
  const wrong = wrongPart(registry, repository, tag)
  if (wrong !== undefined) return E.left(wrong)
  const suffix = digest === undefined ? `:${tag ?? 'latest'}` : `@${digest}`
  return E.right({
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
    name: `${registry}/${repository}${suffix}`
  })
}

/** Whether a name is whatever is called `latest`, by this tag or by none. */
export const isLatest = ({ tag, digest }: Pick<ImageReference, 'tag' | 'digest'>): boolean =>
  digest === undefined && tag === 'latest'

/**
 * A registry as people write it (`https://index.docker.io/v1/`), as images name it (`docker.io`): Docker compares so,
 * without scheme and path. Names of hosts have no case. A port counts.
 */
export const registryOf = (address: string): string =>
  hostIn(address.replace(/^https?:\/\//i, '')).toLowerCase().replace(/^(?:index|registry-1)\.docker\.io$/, 'docker.io')

const hostIn = (address: string): string => address.split('/', 1)[0] ?? ''

/** Whether a login for one registry is one for the other. */
export const isSameRegistry = (one: string, other: string): boolean => registryOf(one) === registryOf(other)

/** Whether an address names a registry, as images or as people write it. */
export const isRegistry = (address: string): boolean => REGISTRY.test(registryOf(address))

/** Whether a registry is on this machine: only such a one is spoken to without TLS. */
export const isLoopback = (registry: string): boolean => {
  const host = registry.startsWith('[') ? registry.slice(1, registry.indexOf(']')) : (registry.split(':')[0] ?? '')
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

const splitRegistry = (named: string): { readonly registry: string; readonly path: string } => {
  const slash = named.indexOf('/')
  const first = slash < 0 ? '' : named.slice(0, slash)
  const isRegistry =
    first.includes('.') || first.includes(':') || first === 'localhost' || first !== first.toLowerCase()
  if (!isRegistry) return { registry: 'docker.io', path: named }
  return { registry: first === 'index.docker.io' ? 'docker.io' : first, path: named.slice(slash + 1) }
}

const withLibrary = (registry: string, repository: string): string =>
  registry === 'docker.io' && !repository.includes('/') && repository !== '' ? `library/${repository}` : repository

const wrongPart = (registry: string, repository: string, tag: string | undefined): string | undefined => {
  if (/^https?:$/.test(registry)) return 'must be an image name, not an address: leave the scheme out'
  if (!REGISTRY.test(registry)) return 'has a registry that is no host name'
  if (repository === '') return 'must name an image, such as `docker.io/library/redis:7`'
  if (repository.toLowerCase() !== repository) return 'must be in lower case up to the tag'
  if (!REPOSITORY.test(repository))
    return 'is no image name: letters, digits and single `.`, `_`, `-`, `/` between them'
  if (/^(?:library\/)?[0-9a-f]{64}$/.test(repository))
    return 'looks like an image id; give a name and a tag or a digest'
  if (`${registry}/${repository}`.length > MAX_NAME) return 'is longer than 255 characters'
  return tag === undefined || TAG.test(tag)
    ? undefined
    : 'has a tag that is not 1 to 128 letters, digits, `_`, `.`, `-`'
}
