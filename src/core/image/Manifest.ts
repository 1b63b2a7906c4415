import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'

import { listOf } from '../domain/listOf'
import { Descriptor } from './Descriptor'
import { byVariant, Platform, platformIn, runs, show } from './Platform'

/** The most bytes that a manifest or a config may have here. */
export const MAX_DOCUMENT = 8 * 1024 * 1024

const MANIFESTS = ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json']
const INDEXES = ['application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json']

/** What may stand behind an image's name, for the Accept header. */
export const MEDIA_TYPES = [...MANIFESTS, ...INDEXES]

// No other digest is verified here, and no registry uses one.
const DIGEST = /^sha256:[0-9a-f]{64}$/

const checked = <A,>(name: string, kind: t.Type<A, unknown>, isRight: (value: A) => boolean): t.Type<A, unknown> =>
  new t.Type<A, unknown>(
    name,
    (value): value is A => kind.is(value) && isRight(value),
    (value, context) =>
      E.chain((read: A) => (isRight(read) ? t.success(read) : t.failure<A>(value, context)))(
        kind.validate(value, context)
      ),
    t.identity
  )

const digest = checked('a digest: sha256:<64 hex digits>', t.string, (text) => DIGEST.test(text))
const size = checked('a size in bytes', t.number, (bytes) => Number.isSafeInteger(bytes) && bytes >= 0)
const descriptor = t.type({ mediaType: t.string, digest, size })
const layer = t.intersection([descriptor, t.partial({ urls: listOf(t.string), annotations: t.unknown })])
const manifest = t.type({ config: descriptor, layers: listOf(layer) })
const index = t.type({ manifests: listOf(t.intersection([descriptor, t.partial({ platform: t.unknown })])) })

/** An image manifest: its config and its layers, bottom first. */
export interface Manifest {
  readonly config: Descriptor
  readonly layers: ReadonlyArray<Descriptor>
}

export const isIndex = (mediaType: string): boolean => INDEXES.includes(mediaType)

/** Reads a manifest; Left says what it is not. A config above 8 MiB is none, and one blob has one size. */
export const decode = (value: unknown): E.Either<string, Manifest> => {
  const outcome = manifest.decode(value)
  if (E.isLeft(outcome)) return E.left(`is no image manifest${wrongPart(outcome.left)}`)
  const { config, layers } = outcome.right
  if (config.size > MAX_DOCUMENT)
    return E.left(`has a config of ${String(config.size)} bytes, more than ${String(MAX_DOCUMENT)}`)
  const sizes = new Map([config, ...layers].map((blob) => [blob.digest, blob.size]))
  const twice = [config, ...layers].find((blob) => sizes.get(blob.digest) !== blob.size)
  return twice === undefined ? outcome : E.left(`says two sizes of blob ${twice.digest}`)
}

/** The first digest or size that is none, in words; "" where the document has another shape altogether. */
const wrongPart = (errors: t.Errors): string => {
  const [part] = errors.filter(({ context }) => [digest, size].some((type) => context.at(-1)?.type === type))
  if (part === undefined) return ''
  const at = part.context
    .filter((_one, index) => index > 0 && !(part.context[index - 1]?.type instanceof t.IntersectionType))
    .map(({ key }) => key)
  const value =
    part.value === undefined
      ? 'missing'
      : `${JSON.stringify(part.value).slice(0, MAX_LETTERS)}, which is not ${part.context.at(-1)?.type.name ?? ''}`
  return `: ${at.join('.')} is ${value}`
}

const MAX_LETTERS = 120
const MAX_ENTRIES = 1000
const MAX_SHOWN = 20

/** What an index has for a platform: what fits, the best first, and what all of its entries are for. */
export interface Offers {
  readonly fitting: ReadonlyArray<Descriptor>
  readonly offered: ReadonlyArray<Platform | undefined>
}

/**
 * The entries of an index that may run on this platform, the best first: those that name it, then the indexes in it
 * (image-spec image-index.md lets an index hold others) and then those that name none.
 */
export const offersFor = (value: unknown, wanted: Platform): E.Either<string, Offers> => {
  const outcome = index.decode(value)
  if (E.isLeft(outcome)) return E.left(`is no image index${wrongPart(outcome.left)}`)
  const count = outcome.right.manifests.length
  if (count > MAX_ENTRIES) return E.left(`is an index of ${String(count)} images, more than ${String(MAX_ENTRIES)}`)
  const all = outcome.right.manifests.map((entry) => ({ entry, on: platformIn(entry.platform) }))
  const named = all
    .flatMap(({ entry, on }) => (on !== undefined && runs(wanted, on) ? [{ entry, on }] : []))
    .toSorted((a, b) => byVariant(a.on, b.on))
  const unnamed = all.filter(({ on }) => on === undefined)
  const ofUnnamed = (inner: boolean): ReadonlyArray<Descriptor> =>
    unnamed.flatMap(({ entry }) => (isIndex(entry.mediaType) === inner ? [entry] : []))
  return E.right({
    fitting: [...named.map(({ entry }) => entry), ...ofUnnamed(true), ...ofUnnamed(false)],
    offered: all.filter(({ entry, on }) => on !== undefined || !isIndex(entry.mediaType)).map(({ on }) => on)
  })
}

/** Why none of what was offered is taken. */
export const noneFor = (wanted: Platform, offered: Offers['offered']): string => {
  const names = offered.slice(0, MAX_SHOWN).map((on) => (on === undefined ? '?' : show(on)))
  const more = offered.length > MAX_SHOWN ? ', …' : ''
  const all = names.length === 0 ? 'nothing' : `${names.join(', ')}${more}`
  return `has no image for ${show(wanted)}; it offers ${all}`
}

/** All entries of an index, whatever they are for. */
export const entriesOf = (value: unknown): E.Either<string, ReadonlyArray<Descriptor>> =>
  E.bimap(
    (errors: t.Errors) => `is no image index${wrongPart(errors)}`,
    ({ manifests }: t.TypeOf<typeof index>): ReadonlyArray<Descriptor> => manifests.slice(0, MAX_ENTRIES)
  )(index.decode(value))

const config = t.type({ rootfs: t.type({ diff_ids: listOf(digest) }) })

/** The digests of the uncompressed layers, from an image config. */
export const diffIdsOf = (value: unknown): E.Either<string, ReadonlyArray<string>> =>
  E.bimap(
    (errors: t.Errors) => `is no image config${wrongPart(errors) || ': it has no rootfs.diff_ids'}`,
    ({ rootfs }: t.TypeOf<typeof config>) => rootfs.diff_ids
  )(config.decode(value))

const DISAGREE = 'its manifest and its config do not agree on the layers'

/** The same, one for each layer that an image has. Left says what is wrong with the two. */
export const agreedDiffIds = (
  { layers }: { readonly layers: ReadonlyArray<unknown> }, value: unknown
): E.Either<string, ReadonlyArray<string>> =>
  pipe(
    diffIdsOf(value),
    E.mapLeft((why) => `its config ${why}`),
    E.filterOrElse(({ length }) => length === layers.length, () => DISAGREE)
  )
