/**
 * What stands at a path of an image whose every part but the last is a directory. Paths and links are bytes, as latin1
 * text.
 */
export type Entry =
  | { readonly kind: 'directory' | 'file' | 'other' | 'absent' }
  | { readonly kind: 'link'; readonly to: string }

/**
 * Where a path leads with the image as root, over these links. `isAbove`: a link stepped up from the root, where a
 * container stays.
 */
export interface Walked {
  readonly kind: 'directory' | 'file' | 'other' | 'absent' | 'loop'
  readonly realPath: string
  readonly links: ReadonlyArray<string>
  readonly isAbove: boolean
}

// path_resolution(7): the kernel gives up at the next one.
const MAX_LINKS = 40

// Forty links of four thousand bytes could ask for eighty thousand looks.
const MAX_LOOKS = 1024

interface Part {
  readonly name: string
  readonly kind: Exclude<Entry['kind'], 'link'>
}

/**
 * Follows a path part by part with the image as root, as the kernel does in the container: an absolute link starts at
 * the root again, `..` stops there. Below what is not there, the rest is taken as written. Ends after 40 links and
 * 1,024 looks.
 */
export const walk = async (look: (path: string) => Promise<Entry>, path: string): Promise<Walked> => {
  const left = partsOf(path).reverse()
  const here: Array<Part> = []
  const links: Array<string> = []
  const seen = { looks: 0, isAbove: false }
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (name === '..') {
      seen.isAbove ||= here.length === 0
      here.pop()
      continue
    }
    const place = pathOf([...here, { name }])
    const entry = here.some(({ kind }) => kind !== 'directory') ? ABSENT : await look(place)
    seen.looks += 1
    if (entry.kind === 'link') links.push(place)
    if (links.length > MAX_LINKS || seen.looks > MAX_LOOKS)
      return { kind: 'loop', realPath: pathOf(here), links, isAbove: seen.isAbove }
    if (entry.kind === 'link') {
      if (entry.to.startsWith('/')) here.length = 0
      left.push(...partsOf(entry.to).reverse())
    } else here.push({ name, kind: entry.kind })
  }
  return { kind: here.at(-1)?.kind ?? 'directory', realPath: pathOf(here), links, isAbove: seen.isAbove }
}

const ABSENT: Entry = { kind: 'absent' }

const partsOf = (path: string): Array<string> => path.split('/').filter((part) => part !== '' && part !== '.')

const pathOf = (parts: ReadonlyArray<{ readonly name: string }>): string =>
  `/${parts.map(({ name }) => name).join('/')}`
