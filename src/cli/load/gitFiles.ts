import * as E from 'fp-ts/Either'

import { disk, Files } from './Files'
import { git } from './git'
import { revision } from './revision'

/** Two sides, and the names that files of the second had in the first where they were moved (`git mv`). */
export interface Revisions {
  readonly sides: readonly [Files, Files]
  /** Asked for when it is called. */
  readonly moved: () => ReadonlyMap<string, string>
}

/**
 * The two sides of `BASE..HEAD`: `BASE...HEAD` starts where they parted, `BASE` alone ends at the working tree. Left is
 * one sentence.
 */
export const sidesOf = (range: string): E.Either<string, Revisions> => {
  const [, base = '', dots = '', head = ''] = /^(.*?)(\.{2,3}|$)(.*)$/.exec(range) ?? []
  // A variable of a script that is not set leaves no base: HEAD against itself would never differ.
  if (base === '')
    return E.left(
      `--git ${JSON.stringify(range)}: names no revision to start from; give BASE..HEAD, BASE...HEAD, or BASE\n`
    )
  const to = commit(head === '' ? 'HEAD' : head)
  const from = E.chain((end: string) =>
    E.chain((start: string) => (dots === '...' ? mergeBase(start, end) : E.right(start)))(commit(base))
  )(to)
  const files = E.map(revision)(said(['rev-parse', '--show-prefix']))
  if (E.isRight(from) && E.isRight(to) && E.isRight(files))
    return E.right({
      sides: [files.right(from.right), dots === '' ? disk : files.right(to.right)],
      moved: () => movedBetween([from.right, ...(dots === '' ? [] : [to.right])])
    })
  return E.left(
    `--git ${range}: ${[to, from, files]
      .flatMap((one) => (E.isLeft(one) ? [one.left] : []))
      .slice(0, 1)
      .join('')}\n`
  )
}

/** What git takes for one file under another name, by the new one; none where git cannot say it. */
const movedBetween = (revisions: ReadonlyArray<string>): ReadonlyMap<string, string> => {
  const asked = ['diff', '--find-renames', '--diff-filter=R', '--name-status', '-z', '--relative', ...revisions, '--']
  const answer = git(asked)
  // `R100`, the old name and the new one, each with a NUL behind it.
  const words = E.isLeft(answer) ? [] : answer.right.toString().split('\0')
  return new Map(words.flatMap((word, index): ReadonlyArray<readonly [string, string]> =>
    index % 3 === 0 && word !== '' ? [[words[index + 2] ?? '', words[index + 1] ?? '']] : []
  ))
}

const said = (args: ReadonlyArray<string>): E.Either<string, string> =>
  E.map((answer: Buffer) => answer.toString().trim())(git(args))

const commit = (name: string): E.Either<string, string> =>
  E.mapLeft((text: string) =>
    text.includes('Needed a single revision') ? `there is no revision ${JSON.stringify(name)}` : text
  )(said(['rev-parse', '--verify', '--end-of-options', `${name}^{commit}`]))

const mergeBase = (a: string, b: string): E.Either<string, string> =>
  E.mapLeft((text: string) =>
    text === '' ? 'the two have no common commit here; a shallow clone has to be fetched deeper' : text
  )(said(['merge-base', a, b]))

/** Files of a commit; those that it does not have are read from the disk. */
export const orDisk = (files: Files): Files => ({
  read: (file) => (files.exists(file) ? files.read(file) : disk.read(file)),
  exists: (file) => files.exists(file) || disk.exists(file),
  isDirectory: (file) => files.isDirectory(file) || (!files.exists(file) && disk.isDirectory(file)),
  label: (file) => (files.exists(file) ? files.label(file) : disk.label(file)),
  tree: files.tree
})
