import * as E from 'fp-ts/Either'
import * as NEA from 'fp-ts/NonEmptyArray'

import { CdiFile } from './CdiFile'
import { CdiSpec, ContainerEdits } from './CdiSpec'
import { Edits, merged } from './Edits'
import { Library, libraryOf, Shelved } from './Library'
import { parse, QualifiedName } from './QualifiedName'
import { ofBroken, ofMistake, ofUnknown, Refusal } from './Refusal'

/**
 * The edits for a list of full device names (CDI SPEC.md; the rules of its reference implementation). `files` come
 * directory
 * by directory: a later directory wins. A broken file only refuses a device of its own kind, or one that no other file
 * has.
 */
export const editsOf = (
  names: ReadonlyArray<string>,
  files: ReadonlyArray<CdiFile>
): E.Either<NEA.NonEmptyArray<Refusal>, Edits> => {
  const library = libraryOf(files)
  const outcomes = [...new Set(names)].map((name, index) => found(name, library, index < MOST_HINTED))
  const [first, ...rest] = outcomes.flatMap((one) => (E.isLeft(one) ? one.left : []))
  if (first !== undefined) return E.left([first, ...rest])
  return E.right(merged(inOrder(outcomes.flatMap((one) => (E.isRight(one) ? [one.right] : [])))))
}

interface Found {
  readonly spec: CdiSpec
  readonly edits: ContainerEdits
}

// A file's own edits come once, before those of its first device.
const inOrder = (all: ReadonlyArray<Found>): ReadonlyArray<ContainerEdits> =>
  all.flatMap(({ spec, edits }, i) => (all.findIndex((one) => one.spec === spec) === i ? [spec.edits, edits] : [edits]))

// Looking for what was meant is slow, and nobody reads it a hundred times.
const MOST_HINTED = 20

const found = (name: string, library: Library, hinted: boolean): E.Either<ReadonlyArray<Refusal>, Found> => {
  const asked = parse(name)
  if (asked === undefined) return E.left([Refusal(name, 'is no full CDI name', 'write it as "vendor.com/class=name"')])
  const broken = ofBroken(
    name,
    library.broken.filter(({ kind }) => kind === asked.kind)
  )
  if (broken.length > 0) return E.left(broken)
  const providers = [...library.specs.flatMap((shelved) => provided(asked, shelved))].sort((a, b) => b.rank - a.rank)
  const best = providers[0]
  if (best === undefined)
    return E.left(hinted ? ofUnknown(name, asked, library) : [Refusal(name, 'no CDI file of this host has it')])
  const clash = clashOf(name, providers)
  if (clash !== undefined) return E.left([clash])
  const unsupported = [...best.spec.edits.unsupported, ...best.edits.unsupported]
  return unsupported.length > 0 ? E.left(unsupported.map((mistake) => ofMistake(name, mistake))) : E.right(best)
}

type Provider = Found & { readonly path: string; readonly rank: number }

const provided = ({ kind, device }: QualifiedName, { path, rank, spec }: Shelved): ReadonlyArray<Provider> =>
  spec.kind === kind
    ? spec.devices.filter(({ name }) => name === device).map(({ edits }) => ({ path, rank, spec, edits }))
    : []

// As in the reference implementation, two files of a lower directory clash even when a higher one has the device too.
const clashOf = (name: string, providers: ReadonlyArray<Provider>): Refusal | undefined => {
  const clashing = providers.filter(({ rank }) => providers.filter((other) => other.rank === rank).length > 1)
  const paths = clashing.map(({ path }) => path).sort()
  return paths.length === 0
    ? undefined
    : Refusal(name, `is in more than one CDI file: ${paths.join(', ')}`, 'remove it from all but one of them')
}
