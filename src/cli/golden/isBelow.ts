import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

/**
 * Whether a path leads to a place below a directory, never to the directory itself, also when every link on its way is
 * followed. It need not exist.
 */
export const isBelow = (dir: string, path: string): boolean =>
  isInside(resolve(dir), resolve(dir, path)) && isInside(realpathSync(dir), real(resolve(dir, path)))

const isInside = (dir: string, path: string): boolean => {
  const way = relative(dir, path)
  return way !== '' && way !== '..' && !way.startsWith('../')
}

/** The real path of the part that exists, with the rest behind it. */
const real = (path: string): string => {
  if (existsSync(path) || path === dirname(path)) return realpathSync(path)
  return join(real(dirname(path)), relative(dirname(path), path))
}
