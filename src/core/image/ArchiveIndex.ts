import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { listOf } from '../domain/listOf'
import { Descriptor } from './Descriptor'
import * as ImageReference from './ImageReference'

/** An image of `docker save`: the paths of its config and of its layers, bottom first. */
export interface DockerImage {
  readonly config: string
  readonly layers: ReadonlyArray<string>
}

const text = t.string
const dockerIndex = listOf(
  t.intersection([
    t.type({ Config: text, Layers: listOf(text) }),
    t.partial({ RepoTags: t.union([listOf(text), t.null]) })
  ])
)

const ociIndex = t.type({
  manifests: listOf(
    t.intersection([
      t.type({ mediaType: text, digest: text, size: t.number }),
      t.partial({ annotations: t.union([t.record(text, text), t.null]), platform: t.unknown })
    ])
  )
})

/** The image of this name in a `manifest.json`; `""` is the only one. Left says what the archive has. */
export const dockerImage = (value: unknown, name: string): E.Either<string, DockerImage> => {
  const read = dockerIndex.decode(value)
  if (E.isLeft(read)) return E.left('has a manifest.json that is none of `docker save`')
  const all = read.right.map(({ Config: config, Layers: layers, RepoTags }) => ({
    image: { config, layers }, names: RepoTags ?? []
  }))
  return E.map(({ image }: (typeof all)[number]) => image)(named(all, name))
}

/** What an OCI layout's `index.json` has under this name; `""` is all of it, for the platform to choose from. */
export const ociImages = (value: unknown, name: string): E.Either<string, ReadonlyArray<Descriptor>> => {
  const read = ociIndex.decode(value)
  if (E.isLeft(read)) return E.left('has an index.json that is none of an OCI layout')
  const all = read.right.manifests.map(({ annotations, ...entry }) => ({ entry, names: namesIn(annotations ?? {}) }))
  const names = new Set(all.flatMap((one) => one.names))
  if (name === '' && names.size <= 1) return E.right(all.map(({ entry }) => entry))
  const [first] = all
  // One image is the image, unless it says that it is another.
  if (all.length === 1 && first?.names.length === 0) return E.right([first.entry])
  const found = all.filter((one) => isNamed(one.names, name))
  return found.length === 0 ? E.left(noneOf(all, name)) : E.right(found.map(({ entry }) => entry))
}

const NAMES = ['org.opencontainers.image.ref.name', 'io.containerd.image.name']

const namesIn = (annotations: Readonly<Record<string, string>>): ReadonlyArray<string> =>
  NAMES.flatMap((key) => annotations[key] ?? [])

interface Named {
  readonly names: ReadonlyArray<string>
}

const named = <A extends Named>(all: ReadonlyArray<A>, name: string): E.Either<string, A> => {
  const [only, ...more] = all
  const isOnly = only !== undefined && more.length === 0 && (name === '' || only.names.length === 0)
  const found = isOnly ? only : all.find(({ names }) => isNamed(names, name))
  return found === undefined || (name === '' && !isOnly) ? E.left(noneOf(all, name)) : E.right(found)
}

/** Whether an image is called so: as written, as the full name, or by the tag alone, as an OCI layout has it. */
const isNamed = (names: ReadonlyArray<string>, name: string): boolean => {
  const wanted = fullName(name)
  return names.some((one) => one === name || fullName(one) === wanted || one === tagOf(name))
}

const fullName = (name: string): string => {
  const parsed = ImageReference.parse(name)
  return E.isRight(parsed) ? parsed.right.name : name
}

const tagOf = (name: string): string | undefined => {
  const parsed = ImageReference.parse(name)
  return E.isRight(parsed) && name.includes(':') ? parsed.right.tag : undefined
}

const MOST = 10

const noneOf = (all: ReadonlyArray<Named>, name: string): string => {
  const names = all.flatMap((one) => one.names.slice(0, 1)).slice(0, MOST)
  const has = names.length === 0 ? `${String(all.length)} images without names` : names.join(', ')
  return name === '' ? `has several images, ${has}: name one` : `has no image ${name}; it has ${has}`
}
