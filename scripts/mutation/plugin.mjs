import { createRequire } from 'node:module'
import process from 'node:process'

import { declareClassPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin'
import { determineHitLimitReached, DryRunStatus, MutantRunStatus, TestStatus } from '@stryker-mutator/api/test-runner'

import { isSampled } from './rooms.mjs'

const require = createRequire(import.meta.url)

const FOLDERS = ['test/unit', 'test/golden', 'test/properties']
const NAMESPACE = '__stryker__'
const SHARES = JSON.parse(process.env.MUTATION_SHARES ?? '{}')
const END = process.env.MUTATION_MINUTES === undefined ? Infinity : Date.now() + 60_000 * Number(process.env.MUTATION_MINUTES)

const messageOf = (thrown) => String(thrown?.message ?? thrown).slice(0, 200)

/** Stryker counts lines and columns from 0 here and from 1 in its report. */
const fromOne = ({ location: { start, end }, ...mutant }) => {
  const [from, to] = [start, end].map(({ line, column }) => ({ line: line + 1, column: column + 1 }))
  return { ...mutant, location: { start: from, end: to } }
}

const leftOut = (why) => ({ status: MutantRunStatus.Error, errorMessage: `left out: ${why}` })

/** Stryker's tests run in its worker's own process (harness.cjs): a mutant costs the tests that reach it, and nothing else. */
class InProcess {
  constructor() {
    this.root = process.cwd()
    this.seen = new Map()
    // A mutant may break a promise that nobody waits for.
    process.on('unhandledRejection', () => undefined)
  }

  capabilities() {
    // Else Stryker starts a worker anew for every mutant that also runs while modules load.
    return { reloadEnvironment: true }
  }

  init() {
    const { configureGlobal } = require('fast-check')
    this.harness = require('./harness.cjs')
    this.told = globalThis[NAMESPACE] ??= {}
    configureGlobal({ seed: Number(process.env.FC_SEED ?? 1), numRuns: Number(process.env.FC_RUNS ?? 6) })
    this.tests = this.load()
  }

  load() {
    this.told.activeMutant = undefined
    this.told.currentTestId = undefined
    return this.harness.load(this.root, FOLDERS)
  }

  async dryRun() {
    const tests = []
    for (const test of this.tests.values()) {
      const started = performance.now()
      this.told.currentTestId = test.id
      const thrown = await this.harness.run(test)
      this.told.currentTestId = undefined
      const common = { id: test.id, name: test.id, fileName: `${this.root}/${test.file}`, timeSpentMs: Math.ceil(performance.now() - started) }
      tests.push(thrown === undefined
        ? { ...common, status: TestStatus.Success }
        : { ...common, status: TestStatus.Failed, failureMessage: messageOf(thrown) })
    }
    return { status: DryRunStatus.Complete, tests, mutantCoverage: this.told.mutantCoverage }
  }

  /** The tests of a mutant, those first that are quick and killed others before. */
  ordered(ids) {
    const worth = (id) => {
      const { kills = 0, ms = 1 } = this.seen.get(id) ?? {}
      return (kills + 0.3) / (ms + 0.3)
    }
    return ids.map((id) => [worth(id), this.tests.get(id)]).filter(([, test]) => test !== undefined)
      .sort(([a], [b]) => b - a).map(([, test]) => test)
  }

  async timed(test) {
    const started = performance.now()
    const thrown = await this.harness.run(test)
    const seen = this.seen.get(test.id) ?? { kills: 0, ms: 0 }
    this.seen.set(test.id, { kills: seen.kills + (thrown === undefined ? 0 : 1), ms: performance.now() - started })
    return thrown
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation }) {
    if (mutantActivation === 'static') throw new Error('this runner needs ignoreStatic')
    if (!isSampled(SHARES, activeMutant.fileName, fromOne(activeMutant))) return leftOut('not in the sample')
    if (Date.now() > END) return leftOut('the time is over')
    const outcome = await this.tried(activeMutant.id, testFilter, hitLimit)
    if (outcome.failed === undefined || outcome.reached !== undefined) return this.result(outcome)
    // A mutant that left something behind in a module: the modules are loaded anew, and it is tried once more.
    if ((await this.harness.run(outcome.failed)) === undefined) return this.result(outcome)
    this.tests = this.load()
    return this.result(await this.tried(activeMutant.id, testFilter, hitLimit))
  }

  async tried(id, testFilter, hitLimit) {
    const tests = this.ordered(testFilter ?? [...this.tests.keys()])
    Object.assign(this.told, { activeMutant: id, hitCount: hitLimit === undefined ? undefined : 0, hitLimit })
    let count = 0
    try {
      for (const test of tests) {
        count += 1
        const thrown = await this.timed(test)
        const reached = determineHitLimitReached(this.told.hitCount, hitLimit)
        if (thrown !== undefined || reached !== undefined) return { failed: test, thrown, reached, count }
      }
      return { count }
    } finally {
      Object.assign(this.told, { activeMutant: undefined, hitCount: undefined, hitLimit: undefined })
    }
  }

  result({ failed, thrown, reached, count }) {
    if (reached !== undefined) return reached
    return failed === undefined
      ? { status: MutantRunStatus.Survived, nrOfTests: count }
      : { status: MutantRunStatus.Killed, killedBy: [failed.id], failureMessage: messageOf(thrown), nrOfTests: count }
  }
}
InProcess.inject = tokens()

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcess)]
