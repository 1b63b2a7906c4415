import { normalize } from 'node:path'

import { Revisions } from '../load/gitFiles'

/**
 * The name of each input in both revisions: one that only one of them has is looked for under the name that it was
 * moved from, or to. A file that is named twice so, under its old and its new name, is one.
 */
export const pairsOfNames = (
  inputs: ReadonlyArray<string>,
  { sides: [base, head], moved }: Revisions
): ReadonlyArray<readonly [before: string, after: string]> => {
  const isAlone = (file: string): boolean => base.exists(file) !== head.exists(file)
  const olds = inputs.some(isAlone) ? moved() : new Map<string, string>()
  const news = new Map(Array.from(olds, ([current, old]) => [old, current]))
  const pairs = inputs.map((file): readonly [string, string] => {
    if (!isAlone(file)) return [file, file]
    const name = normalize(file)
    return head.exists(file) ? [olds.get(name) ?? file, file] : [file, news.get(name) ?? file]
  })
  return [...new Map(pairs.map((pair) => [JSON.stringify(pair.map(normalize)), pair])).values()]
}
