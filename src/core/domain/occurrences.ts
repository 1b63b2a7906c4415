import { compareText } from './compareText'

/** Whether no name stands in a list twice. */
export const isUnique = (names: ReadonlyArray<string>): boolean => new Set(names).size === names.length

/** How often each name of a list stood in it before: the second `a` has 1. */
export const occurrences = (names: ReadonlyArray<string>): ReadonlyArray<number> => {
  if (isUnique(names)) return names.map(() => 0)
  const inOrder = [...names.keys()].sort((a, b) => compareText(names[a] ?? '', names[b] ?? '') || a - b)
  const starts = new Map(inOrder.flatMap((index, place): ReadonlyArray<readonly [string | undefined, number]> =>
    place > 0 && names[inOrder[place - 1] ?? 0] === names[index] ? [] : [[names[index], place]]))
  const places = new Map(inOrder.map((index, place) => [index, place]))
  return names.map((name, index) => (places.get(index) ?? 0) - (starts.get(name) ?? 0))
}

