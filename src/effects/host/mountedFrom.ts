import { readFileSync } from 'node:fs'

/** A line of mountinfo (proc(5)): what of which file system is mounted where. */
interface MountLine {
  readonly device: string
  readonly root: string
  readonly place: string
}

/**
 * The host path whose file or directory is bound to each of these places, by the kernel's list of mounts; places that
 * are none are left out.
 */
export const mountedFrom = (places: ReadonlyArray<string>): Readonly<Record<string, string>> =>
  places.length === 0 ? {} : sourcesIn(readFileSync('/proc/self/mountinfo', 'utf8'), places)

/** The same, from the text of that list. */
export const sourcesIn = (mountinfo: string, places: ReadonlyArray<string>): Readonly<Record<string, string>> => {
  const lines = mountinfo.split('\n').flatMap(lineOf)
  return Object.fromEntries(places.flatMap((place) => {
    const bound = lines.findLast((line) => line.place === place)
    const source = bound === undefined ? undefined : pathOf(bound, lines)
    return source === undefined ? [] : [[place, source]]
  }))
}

/**
 * What is mounted at each place, by the text of the kernel's list: the file system, and what of it. The last one of a
 * place counts.
 */
export const mountedAt = (mountinfo: string): ReadonlyMap<string, { readonly device: string; readonly root: string }> =>
  new Map(mountinfo.split('\n').flatMap(lineOf).map(({ place, device, root }) => [place, { device, root }]))

const lineOf = (line: string): ReadonlyArray<MountLine> => {
  const [, , device = '', root = '', place = ''] = line.split(' ')
  return place === '' ? [] : [{ device, root: unescaped(root), place: unescaped(place) }]
}

// The kernel writes blanks and backslashes in paths as three octal digits.
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_all, digits: string) => String.fromCharCode(parseInt(digits, 8)))

/** Where the rest of the host sees what is bound: in the first mount of the same file system that shows it. */
const pathOf = ({ device, root, place }: MountLine, lines: ReadonlyArray<MountLine>): string | undefined => {
  const above = lines.find((line) => line.device === device && line.place !== place && holds(line.root, root))
  if (above === undefined) return undefined
  const below = above.root === '/' ? root : root.slice(above.root.length)
  return `${above.place === '/' ? '' : above.place}${below === '/' ? '' : below}`
}

const holds = (outer: string, inner: string): boolean =>
  outer === '/' || inner === outer || inner.startsWith(`${outer}/`)
