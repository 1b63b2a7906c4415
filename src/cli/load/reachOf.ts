import { dirname, join, relative, resolve } from 'node:path'

import * as E from 'fp-ts/Either'

import type { Looked, Reach, Refused } from '../hcl/Reach'
import { diskTree, Tree } from './Tree'

/**
 * What a job may read by `file` and its like: what lies below the root of its repository (else below its own
 * directory), of the tree that it comes from, and on the disk what lies below the directories `below`; all of it with
 * links followed, and nothing of git's own directory. A job from standard input has no directory: it starts at the
 * working directory, and reads what lies `below`. Undefined: it may read nothing.
 */
export const reachOf = (tree: Tree, file: string, below: ReadonlyArray<string>): Reach | undefined => {
  if (file === '-' && below.length === 0) return undefined
  const dir = file === '-' ? resolve('.') : dirname(resolve(file))
  const own = file === '-' ? [] : [{ tree, root: tree.rootOf(dir) }]
  return bounded(dir, [...own, ...below.map((one) => ({ tree: diskTree, root: resolve(one) }))])
}

/** A tree, and the directory of it that may be read. */
interface Part {
  readonly tree: Tree
  readonly root: string
}

const bounded = (dir: string, parts: ReadonlyArray<Part>): Reach => {
  const refused: Array<Refused> = []
  const lists = { count: 0 }
  /** What is Left is told of the path. */
  const told = <A>(path: string, outcome: E.Either<string, A> | undefined): A | undefined => {
    if (outcome !== undefined && E.isLeft(outcome)) refused.push({ path, why: outcome.left })
    return outcome === undefined || E.isLeft(outcome) ? undefined : outcome.right
  }
  const allowed = (path: string): Tree | undefined => told(path, treeFor(path, parts))
  return {
    dir,
    look: (path, isFollowed): Looked => allowed(path)?.look(path, isFollowed) ?? { kind: 'refused' },
    read: (path) => told(path, allowed(path)?.read(path)),
    entries: (path) => {
      lists.count += 1
      if (lists.count <= MOST_LISTS) return told(path, allowed(path)?.entries(path))
      refused.push({ path, why: TOO_MANY })
      // The parser passes over directories that it cannot list, and would go on for ever.
      throw new Error(TOO_MANY)
    },
    refusals: () => refused
  }
}

// Two links of a directory to itself are more directories than there is time.
const MOST_LISTS = 5000
const TOO_MANY = `it looks through more than ${String(MOST_LISTS)} directories; do links of them lead in a circle?`

/** The tree in which a path may be looked at; Left says why it may not. */
const treeFor = (path: string, parts: ReadonlyArray<Part>): E.Either<string, Tree> => {
  const part = parts.find(({ root }) => isWithin(root, path))
  if (part === undefined) return E.left(outsideOf(parts))
  return E.chain((real: string) => {
    const isAllowed = parts.some(({ tree, root }) => tree === part.tree && isWithin(rootIn(tree, root), real))
    if (!isAllowed) return E.left(`a link leads to ${real}; it ${outsideOf(parts)}`)
    return isOfGit(real) ? E.left('it is a file of git itself') : E.right(part.tree)
  })(realIn(part.tree, path))
}

const rootIn = (tree: Tree, root: string): string => E.getOrElse(() => root)(realIn(tree, root))

/** Where a path leads; of one that is not there, its directory decides. */
const realIn = (tree: Tree, path: string): E.Either<string, string> =>
  E.chain((real: string | undefined) =>
    real === undefined
      ? E.map((above: string) => join(above, relative(dirname(path), path)))(realIn(tree, dirname(path)))
      : E.right(real)
  )(tree.real(path))

const outsideOf = (parts: ReadonlyArray<Part>): string => {
  const roots = parts.map(({ root }) => root).join(' and ')
  return `lies outside of ${roots}; \`--files-below DIR\` lets jobs read there too`
}

const isWithin = (root: string, path: string): boolean => {
  const way = relative(root, path)
  return way !== '..' && !way.startsWith('../')
}

const isOfGit = (path: string): boolean => path.split('/').includes('.git')
