import { readdirSync } from 'node:fs'
import { join } from 'node:path'

import * as E from 'fp-ts/Either'

import { disk } from './Files'

const ENDING = /\.(?:hcl|nomad|job|json)$/
const JOB_BLOCK = /^[ \t]*job[ \t]+"[^"]*"[ \t]*\{/m
const JOB_OBJECT = /"TaskGroups"\s*:/

/**
 * The jobs below a directory, sorted, by their paths in it: what has a `job` block, or is JSON with groups of tasks.
 * Other files there (variables, templates, an agent's config) are none. Hidden names are left out.
 */
export const jobsIn = (dir: string): ReadonlyArray<string> =>
  filesBelow(dir, '').filter((name) => ENDING.test(name) && isJob(join(dir, name))).sort()

const filesBelow = (dir: string, below: string): ReadonlyArray<string> =>
  readdirSync(join(dir, below), { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .flatMap((entry) => {
      const path = join(below, entry.name)
      return entry.isDirectory() ? filesBelow(dir, path) : [path]
    })

const isJob = (file: string): boolean => {
  const text = disk.read(file)
  if (E.isLeft(text)) return false
  return text.right.trimStart().startsWith('{') ? JOB_OBJECT.test(text.right) : JOB_BLOCK.test(text.right)
}
