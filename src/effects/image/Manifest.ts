import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { Descriptor } from '../containerd/content'

const MANIFESTS = ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json']
const INDEXES = ['application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json']

/** What may stand behind an image's name, for the Accept header. */
export const MEDIA_TYPES = [...MANIFESTS, ...INDEXES]

const descriptor = t.type({ mediaType: t.string, digest: t.string, size: t.number })
const platform = t.type({ os: t.string, architecture: t.string })
const manifest = t.type({ config: descriptor, layers: t.array(descriptor) })
const index = t.type({ manifests: t.array(t.intersection([descriptor, t.partial({ platform })])) })

/** An image manifest: its config and its layers, bottom first. */
export interface Manifest {
  readonly config: Descriptor
  readonly layers: ReadonlyArray<Descriptor>
}

export const isIndex = (mediaType: string): boolean => INDEXES.includes(mediaType)

/** Reads a manifest; Left says what it is not. */
export const decode = (value: unknown): E.Either<string, Manifest> =>
  E.mapLeft(() => 'is no image manifest')(manifest.decode(value))

/** The entry of an index for this platform; entries without a platform come last. */
export const choose = (value: unknown, architecture: string): E.Either<string, Descriptor> => {
  const outcome = index.decode(value)
  if (E.isLeft(outcome)) return E.left('is no image index')
  const { manifests } = outcome.right
  const fitting = manifests.find((one) => one.platform?.os === 'linux' && one.platform.architecture === architecture)
  const chosen = fitting ?? manifests.find((one) => one.platform === undefined)
  const offered = manifests.map((one) => `${one.platform?.os ?? '?'}/${one.platform?.architecture ?? '?'}`).join(', ')
  return chosen === undefined ? E.left(`has no image for linux/${architecture}; it offers ${offered}`) : E.right(chosen)
}

/** The architecture of this machine in the words of OCI. */
export const ARCHITECTURE = process.arch === 'x64' ? 'amd64' : process.arch

const config = t.type({ rootfs: t.type({ diff_ids: t.array(t.string) }) })

/** The digests of the uncompressed layers, from an image config. */
export const diffIdsOf = (value: unknown): E.Either<string, ReadonlyArray<string>> =>
  E.bimap(() => 'is no image config: it has no rootfs.diff_ids', ({ rootfs }: t.TypeOf<typeof config>) => rootfs.diff_ids)(
    config.decode(value)
  )
