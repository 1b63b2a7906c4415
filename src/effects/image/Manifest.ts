import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { Descriptor } from '../containerd/content'
import { byVariant, Platform, platformIn, runs, show } from './Platform'

export { ARCHITECTURE } from './Platform'

const MANIFESTS = ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json']
const INDEXES = ['application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json']

/** What may stand behind an image's name, for the Accept header. */
export const MEDIA_TYPES = [...MANIFESTS, ...INDEXES]

const descriptor = t.type({ mediaType: t.string, digest: t.string, size: t.number })
const manifest = t.type({ config: descriptor, layers: t.array(descriptor) })
const index = t.type({ manifests: t.array(t.intersection([descriptor, t.partial({ platform: t.unknown })])) })

/** An image manifest: its config and its layers, bottom first. */
export interface Manifest {
  readonly config: Descriptor
  readonly layers: ReadonlyArray<Descriptor>
}

export const isIndex = (mediaType: string): boolean => INDEXES.includes(mediaType)

/** Reads a manifest; Left says what it is not. */
export const decode = (value: unknown): E.Either<string, Manifest> =>
  E.mapLeft(() => 'is no image manifest')(manifest.decode(value))

/** The entry of an index that runs on this platform, the best one; an entry that names no platform where none does. */
export const choose = (value: unknown, wanted: Platform): E.Either<string, Descriptor> => {
  const outcome = index.decode(value)
  if (E.isLeft(outcome)) return E.left('is no image index')
  const offered = outcome.right.manifests.map((entry) => ({ entry, on: platformIn(entry.platform) }))
  const [best] = offered.flatMap(({ entry, on }) => (on !== undefined && runs(wanted, on) ? [{ entry, on }] : [])).sort((a, b) => byVariant(a.on, b.on))
  const chosen = best ?? offered.find(({ on }) => on === undefined)
  const names = offered.map(({ on }) => (on === undefined ? '?' : show(on))).join(', ')
  return chosen === undefined ? E.left(`has no image for ${show(wanted)}; it offers ${names}`) : E.right(chosen.entry)
}

const config = t.type({ rootfs: t.type({ diff_ids: t.array(t.string) }) })

/** The digests of the uncompressed layers, from an image config. */
export const diffIdsOf = (value: unknown): E.Either<string, ReadonlyArray<string>> =>
  E.bimap(() => 'is no image config: it has no rootfs.diff_ids', ({ rootfs }: t.TypeOf<typeof config>) => rootfs.diff_ids)(
    config.decode(value)
  )
