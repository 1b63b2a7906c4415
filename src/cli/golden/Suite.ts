import { dirname, isAbsolute, join } from 'node:path'

import * as E from 'fp-ts/Either'

import * as GoldenConfig from '../../core/decode/GoldenConfig'
import { issuesOf } from '../../core/field/mistake'
import { issues as spoken } from '../../core/report/explain'
import { disk } from '../load/Files'
import { inFile } from '../load/inFile'
import { LoadOptions } from '../load/Loaded'
import { readJson } from '../load/readJson'
import { resultFile } from '../output/resultFile'
import { isBelow } from './isBelow'

/** The name of the config file in a directory. */
const CONFIG = 'containerd-driver.json'

/** A config file, and the directory that its paths start from. */
export interface Suite {
  readonly file: string
  readonly dir: string
  readonly config: GoldenConfig.GoldenConfig
}

/** Reads the config file at a path: the file itself, or the one in a directory. Left is what to tell. */
export const readSuite = (path: string): E.Either<string, Suite> => {
  const file = disk.isDirectory(path) ? join(path, CONFIG) : path
  if (!disk.exists(file))
    return E.left(`${disk.label(file)}: no such file; it says what is compared, such as { "jobs": ["*.nomad.hcl"] }\n`)
  const document = readJson(disk, file)
  if (E.isLeft(document)) return E.left(`${document.left}\n`)
  const config = GoldenConfig.codec.decode(document.right)
  if (E.isLeft(config)) return E.left(inFile(file, spoken(issuesOf(config.left))))
  const suite = { file, dir: dirname(file), config: config.right }
  const wrong = faultOf(suite)
  return wrong === undefined ? E.right(suite) : E.left(inFile(file, wrong))
}

// `golden update` makes and removes files there, and must meet no others.
const faultOf = ({ dir, config: { jobs, goldens } }: Suite): string | undefined => {
  if (jobs.length === 0)
    return 'golden.jobs: names nothing, so nothing would be compared; name jobs, such as "*.nomad.hcl"'
  if (isBelow(dir, goldens)) return undefined
  const fault = 'does not lie below the directory of this file, links followed'
  return `golden.goldens: ${JSON.stringify(goldens)} ${fault}; name a directory for goldens alone, such as "goldens"`
}

/** Where a path of a suite leads: it starts from the directory of the config file. */
export const within = ({ dir }: Suite, path: string): string => (isAbsolute(path) ? path : join(dir, path))

export const goldensOf = (suite: Suite): string => within(suite, suite.config.goldens)

/** The golden of a task of one of a suite's jobs; the task `""` is that of a fixture directory. */
export const goldenOf = (suite: Suite, job: string, task: string): string =>
  join(goldensOf(suite), resultFile(job, task, '.json'))

/** How the jobs of a suite are loaded: all its paths start from its directory. */
export const loadOptionsOf = (suite: Suite): LoadOptions => {
  const { vars, var_files: varFiles, plugin, facts, lock } = suite.config
  return {
    var: Object.entries(vars).map(([name, value]) => `${name}=${value}`),
    varFile: varFiles.map((file) => within(suite, file)),
    ...(plugin === undefined ? {} : { plugin: within(suite, plugin) }),
    ...(facts === undefined ? {} : { facts: within(suite, facts) }),
    ...(lock === undefined ? {} : { lock: within(suite, lock) })
  }
}
