import { rmSync } from 'node:fs'

import * as E from 'fp-ts/Either'
import * as RA from 'fp-ts/ReadonlyArray'

import * as explain from '../../core/report/explain'
import { ruleOf } from '../comparison/readIgnore'
import { disk } from '../load/Files'
import { nameOf } from '../load/Loaded'
import { reasonOf } from '../load/readText'
import { lines } from '../load/Surroundings'
import { Output } from '../output/Output'
import { writeResult } from '../output/writeDocument'
import { Cases, casesOf, GoldenCase } from './cases'
import { extrasOf } from './extras'
import { Settled } from './fingerprint'
import { Found, ofCase } from './ofCase'
import { readSuite, Suite } from './Suite'
import { keyFor, storeUnchanged } from './unchanged'

/**
 * `golden update`: writes the goldens that are missing or stale, and removes those of no task, unless some job could
 * not be read. One that differs only by what is ignored stays.
 */
export const goldenUpdate = async (paths: ReadonlyArray<string>, options: UpdateOptions = {}): Promise<Output> => {
  const suites = paths.map(readSuite)
  const done = await Promise.all(
    suites.map((suite) => (E.isLeft(suite) ? Promise.resolve(unreadSuite(suite.left)) : update(suite.right)))
  )
  const faults = done.flatMap((one) => one.faults)
  const refusals = done.flatMap((one) => one.refused)
  const isRefused = refusals.length > 0 && options.acceptRefused !== true
  return {
    stdout: lines(done.flatMap(({ said }) => said)),
    stderr: lines([...refusals, ...(isRefused ? [ACCEPT] : []), ...faults]),
    exitCode: faults.length > 0 ? 2 : Number(isRefused)
  }
}

const ACCEPT = 'a refused task does not run: correct the jobs, or accept with `golden update --accept-refused`'

/** What `golden update` puts up with. */
export interface UpdateOptions {
  readonly acceptRefused?: boolean
}

/** What was done in one suite, what is stored there as refused, and what went wrong. */
interface Updated {
  readonly said: ReadonlyArray<string>
  readonly refused: ReadonlyArray<string>
  readonly faults: ReadonlyArray<string>
}

const unreadSuite = (fault: string): Updated => ({ said: [], refused: [], faults: [fault] })

const refusedIn = ({ loaded, issues }: GoldenCase): ReadonlyArray<string> =>
  issues.map((issue) => `${nameOf(loaded)}: is stored as refused: ${explain.issue(issue)}`)

const update = async (suite: Suite): Promise<Updated> => {
  const all = await casesOf(suite, (jobs) => ({ unchanged: [], key: keyFor(suite, jobs) }))
  const rules = suite.config.ignore.map(ruleOf)
  const found = all.cases.map((one) => ({ one, found: ofCase(suite, rules, one) }))
  const written = found.filter((each) => isStale(each.found)).map((each) => write(each.one, each.found))
  const extras = extrasOf(suite, all)
  const removed =
    E.isLeft(extras) || all.faults.length > 0
      ? []
      : extras.right.filter(({ isOurs }) => isOurs).map(({ file }) => remove(file))
  const faults = [
    ...all.faults.map(({ text }) => text),
    ...(E.isLeft(extras) ? [extras.left.text] : []),
    ...RA.lefts(written),
    ...RA.lefts(removed)
  ]
  const kept = faults.length > 0 ? E.right(undefined) : storeUnchanged(suite, all.key, settled(all, found))
  return {
    said: [...RA.rights(written), ...RA.rights(removed)],
    refused: all.cases.flatMap(refusedIn),
    faults: [...faults, ...(E.isLeft(kept) ? [kept.left] : [])]
  }
}

type Judged = ReadonlyArray<{ readonly one: GoldenCase; readonly found: Found }>

/**
 * Jobs whose goldens are as they should be. What differs by what is ignored is compared each time: a rule must go on to
 * cover it.
 */
const settled = ({ read }: Cases, judged: Judged): ReadonlyArray<Settled> => {
  const ignored = judged.filter(({ found }) => !isStale(found) && found.isExact !== true).map(({ one }) => one.job)
  const goldens = new Map<string, ReadonlyArray<string>>()
  for (const { one: { job }, found } of judged) goldens.set(job, [...(goldens.get(job) ?? []), found.wanted])
  return read
    .filter(({ job }) => !ignored.includes(job))
    .map((one) => ({ ...one, goldens: goldens.get(one.job) ?? [] }))
}

const write = ({ golden }: GoldenCase, { wanted }: Found): E.Either<string, string> =>
  E.map(() => `wrote ${disk.label(golden)}`)(writeResult(golden, wanted))

const isStale = ({ comparison, finding }: Found): boolean => comparison !== undefined || finding !== undefined

const remove = (file: string): E.Either<string, string> =>
  E.tryCatch(
    () => {
      rmSync(file)
      return `removed ${disk.label(file)}`
    },
    (thrown) => `${disk.label(file)}: cannot be removed: ${reasonOf(thrown)}`
  )
