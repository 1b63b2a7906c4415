import { existsSync, readdirSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'

import { matches } from '../../core/domain/glob'

/**
 * The paths that a pattern names, from a directory or from the root, sorted: `*` stands for any letters of one name,
 * `**` for any directories. Hidden names only where the pattern has the dot.
 */
export const expand = (dir: string, pattern: string): ReadonlyArray<string> => {
  const [from, start] = isAbsolute(pattern) ? ['/', '/'] : [dir, '']
  return [...new Set(below(from, start, pattern.split('/').filter((part) => part !== '' && part !== '.')))].sort()
}

const below = (dir: string, path: string, [part, ...rest]: ReadonlyArray<string>): ReadonlyArray<string> => {
  if (part === undefined) return [path]
  if (part === '**')
    return [
      ...below(dir, path, rest),
      ...directories(dir, path).flatMap((name) => below(dir, join(path, name), ['**', ...rest]))
    ]
  if (!part.includes('*')) return existsSync(join(dir, path, part)) ? below(dir, join(path, part), rest) : []
  return entries(dir, path)
    .map(({ name }) => name)
    .filter((name) => matches(part, name) && name.startsWith('.') === part.startsWith('.'))
    .flatMap((name) => below(dir, join(path, name), rest))
}

const entries = (
  dir: string,
  path: string
): ReadonlyArray<{ readonly name: string; readonly isDirectory: () => boolean }> => {
  try {
    return readdirSync(join(dir, path), { withFileTypes: true })
  } catch {
    return []
  }
}

const directories = (dir: string, path: string): ReadonlyArray<string> =>
  entries(dir, path).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name)
