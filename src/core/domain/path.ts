/**
 * An absolute path without `.`, `..`, empty parts or a slash at its end: `/a//b/../c/` is `/a/c`; `..` above the root
 * stays there. Linear in the path.
 */
export const clean = (path: string): string => (CLEAN.test(path) ? path : cleaned(path))

// Most paths are clean already.
const CLEAN = /^(?:\/(?!\.{1,2}(?:\/|$))[^/]+)+$/

/** What is kept of a path from its end, and how many steps up still wait for a part to take away. */
interface Tail {
  readonly kept: string
  readonly up: number
}

// From the end, a step up takes away the next part that stands before it: nothing is kept that goes later.
const cleaned = (path: string): string => {
  const { kept } = path.split('/').reduceRight<Tail>(withPart, { kept: '', up: 0 })
  return kept === '' ? '/' : kept
}

const withPart = (tail: Tail, part: string): Tail => {
  if (part === '' || part === '.') return tail
  if (part === '..') return { kept: tail.kept, up: tail.up + 1 }
  return tail.up > 0 ? { kept: tail.kept, up: tail.up - 1 } : { kept: `/${part}${tail.kept}`, up: 0 }
}

export const isAbsolute = (path: string): boolean => path.startsWith('/')

/** `child` starts at `base` unless it is absolute itself; the result is clean. */
export const resolve = (base: string, child: string): string => clean(isAbsolute(child) ? child : `${base}/${child}`)

/** Whether a clean path is `parent` itself or lies below it. Lexical only: links are the effects' business. */
export const isWithin = (parent: string, path: string): boolean =>
  parent === '/' || path === parent || path.startsWith(`${parent}/`)
