/** An absolute path without `.`, `..`, empty parts or a slash at its end: `/a//b/../c/` is `/a/c`; `..` above the root stays there. */
export const clean = (path: string): string => (CLEAN.test(path) ? path : `/${parts(path).join('/')}`)

// Most paths are clean already.
const CLEAN = /^(?:\/(?!\.{1,2}(?:\/|$))[^/]+)+$/

const parts = (path: string): ReadonlyArray<string> =>
  path.split('/').reduce<ReadonlyArray<string>>((made, part) => {
    if (part === '' || part === '.') return made
    return part === '..' ? made.slice(0, -1) : [...made, part]
  }, [])

export const isAbsolute = (path: string): boolean => path.startsWith('/')

/** `child` starts at `base` unless it is absolute itself; the result is clean. */
export const resolve = (base: string, child: string): string => clean(isAbsolute(child) ? child : `${base}/${child}`)

/** Whether a clean path is `parent` itself or lies below it. Lexical only: links are the effects' business. */
export const isWithin = (parent: string, path: string): boolean =>
  parent === '/' || path === parent || path.startsWith(`${parent}/`)
