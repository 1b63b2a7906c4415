import { Hunk, hunksBetween } from '../diff/hunks'
import { inert } from './inert'
import { Comparison } from './Outcome'

/**
 * The canonical text of both documents as `diff -u` compares it, line by line; no line for documents that are equal,
 * and for one that stands alone.
 */
export const unifiedText = ({ before, after }: Comparison): ReadonlyArray<string> => {
  if (before.document === null || after.document === null) return []
  const hunks = hunksBetween(before.document, after.document)
  return hunks.length === 0 ? [] : [`--- ${inert(before.label)}`, `+++ ${inert(after.label)}`, ...hunks.flatMap(ofHunk)]
}

const ofHunk = ({ before, after, lines }: Hunk): ReadonlyArray<string> =>
  [`@@ -${range(before)} +${range(after)} @@`, ...lines.map(({ mark, text }) => `${mark}${inert(text)}`)]

const range = ([start, length]: Hunk['before']): string => `${start},${length}`
