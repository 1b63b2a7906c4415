import { existsSync, readdirSync } from 'node:fs'

import { CdiFile } from '../../core/cdi/CdiFile'
import { regularFile } from './regularFile'

const MAX_FILES = 256

/**
 * The CDI files of this host, directory by directory and by name; what is in a subdirectory is no CDI file. One that
 * cannot be read or parsed is in the answer with the reason, and so is one above 1 MiB, or after the 256th.
 */
export const cdiFiles = async (
  dirs: ReadonlyArray<string> = ['/etc/cdi', '/var/run/cdi']
): Promise<ReadonlyArray<CdiFile>> => {
  const files: Array<CdiFile> = []
  for (const found of dirs.flatMap(listed)) {
    if (typeof found !== 'string') files.push(found)
    else if (files.length < MAX_FILES) files.push(await fileAt(found))
    else files.push({ path: found, unreadable: `is not read: this host has more than ${MAX_FILES} CDI files` })
  }
  return files
}

const listed = (dir: string): ReadonlyArray<string | CdiFile> => {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && /\.(?:json|ya?ml)$/.test(entry.name))
      .map(({ name }) => `${dir}/${name}`)
      .sort()
  } catch (thrown) {
    return existsSync(dir) ? [{ path: dir, unreadable: `cannot be listed: ${reasonOf(thrown)}` }] : []
  }
}

const fileAt = async (path: string): Promise<CdiFile> => {
  try {
    const { text } = regularFile(path)
    return { path, document: path.endsWith('.json') ? JSON.parse(text) as unknown : await fromYaml(text) }
  } catch (thrown) {
    return { path, unreadable: `cannot be read: ${reasonOf(thrown)}` }
  }
}

// A parser of YAML draws the place below its first line.
const reasonOf = (thrown: unknown): string => (thrown as Error).message.split('\n')[0]?.replace(/:$/, '') ?? ''

/**
 * YAML as Go's reader takes it: `0666` is octal there, and `<<` merges. The parser is loaded by the first file that
 * needs it.
 */
const fromYaml = async (text: string): Promise<unknown> => {
  const { parse } = await import('yaml')
  return parse(text, { merge: true, logLevel: 'error', customTags: (tags) => [OCTAL, ...tags] }) as unknown
}

const OCTAL = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^0[0-7]+$/,
  resolve: (text: string): number => parseInt(text, 8)
}
