import { dirname, join } from 'node:path'

import * as E from 'fp-ts/Either'

import * as GoldenConfig from '../../core/decode/GoldenConfig'
import { issuesOf } from '../../core/decode/mistake'
import { issues as spoken } from '../../core/report/explain'
import { disk, Files } from '../load/Files'
import { inFile } from '../load/inFile'
import { LoadOptions } from '../load/Loaded'
import { readJson } from '../load/readJson'

/** The name of the config file in a directory. */
export const CONFIG = 'containerd-driver.json'

/** A config file, and the directory that its paths start from. */
export interface Suite {
  readonly file: string
  readonly dir: string
  readonly config: GoldenConfig.GoldenConfig
}

/** Reads the config file at a path: the file itself, or the one in a directory. Left is what to tell. */
export const readSuite = (path: string): E.Either<string, Suite> => {
  const file = disk.isDirectory(path) ? join(path, CONFIG) : path
  if (!disk.exists(file)) return E.left(`${file}: no such file; it says what is compared, such as { "jobs": ["*.nomad.hcl"] }\n`)
  const document = readJson(disk, file)
  if (E.isLeft(document)) return E.left(`${document.left}\n`)
  const config = GoldenConfig.codec.decode(document.right)
  return E.isLeft(config) ? E.left(inFile(file, spoken(issuesOf(config.left)))) : E.right({ file, dir: dirname(file), config: config.right })
}

/** How the jobs of a suite are loaded: all its paths start from its directory. */
export const loadOptionsOf = ({ dir, config }: Suite, files: Files): LoadOptions => ({
  files,
  var: Object.entries(config.vars).map(([name, value]) => `${name}=${value}`),
  varFile: config.var_files.map((file) => join(dir, file)),
  ...(config.plugin === undefined ? {} : { plugin: join(dir, config.plugin) }),
  ...(config.facts === undefined ? {} : { facts: join(dir, config.facts) }),
  ...(config.lock === undefined ? {} : { lock: join(dir, config.lock) })
})
