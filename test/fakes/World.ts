import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../src/core/domain/Failure'
import { Do, targetOf } from '../../src/core/plan/Step'
import { Undo } from '../../src/core/plan/Undo'
import { Workshop } from '../../src/effects/ports/execute'
import { Machine } from '../../src/effects/ports/Machine'
import { Ports } from '../../src/effects/ports/Ports'
import { Gauge, Reads } from '../../src/effects/ports/Reads'
import { VirtualClock } from './VirtualClock'
import { perform } from './world/acts'
import { call, Caller, Calls, Trouble } from './world/calls'
import * as execs from './world/execs'
import { diskOf, seenImages } from './world/images'
import * as reads from './world/reads'
import { seen } from './world/seen'
import { cleanShims, forgetTask, killShim, withoutShim } from './world/shims'
import { crowd, State, thingsIn } from './world/State'
import { revert } from './world/undos'

export type { Trouble } from './world/calls'

/** A process of the driver in the world. */
export interface Incarnation {
  readonly ports: Ports
  /** Ends the process where it is: between two calls, or while one is under way. */
  readonly kill: () => void
  readonly isDead: () => boolean
}

/** What a world begins with. */
export interface Beginning {
  readonly troubles?: ReadonlyArray<Trouble>
  /** How long each call is under way; at once when left out. */
  readonly latencyMs?: () => number
}

/** A host with a containerd and a clock: the only fake. What it does, the real one does too (test/laws/machine.ts). */
export interface World extends Workshop {
  readonly state: State
  readonly clock: VirtualClock
  readonly reads: Reads
  readonly calls: Calls
  /** What is there, by kind and name, with its owner. */
  readonly things: () => ReadonlyArray<readonly [string, string]>
  readonly incarnate: () => Incarnation
  /** containerd stops; what runs, runs on. */
  readonly goDown: () => void
  /** It comes back. From 1.7 on it has forgotten the tasks that ended and were not deleted. */
  readonly comeUp: (remembers: boolean) => void
  /** It lives, and every stream and call that is under way breaks. */
  readonly hangUp: () => void
  /** The shim that holds the task of a container is killed. */
  readonly killShim: (container: string) => void
}

export const World = ({ troubles = [], latencyMs = () => 0 }: Beginning = {}): World => {
  const clock = VirtualClock()
  const state = State(clock)
  const calls: Calls = { count: 0, troubles: [...troubles], latencyMs, log: [] }
  const hangUp = (): void => {
    const broken = state.connections
    state.connections = crowd()
    broken.abort()
  }
  const own: Caller = { isDead: () => false, die: () => { throw new Error('the test itself is no process of the driver') } }
  return {
    state, clock, calls, hangUp,
    killShim: (container) => { killShim(state, container) },
    machine: machineFor(state, calls, own),
    reads: readsFor(state, calls, own),
    things: () => thingsIn(state),
    incarnate: () => incarnate(state, calls),
    goDown: () => {
      state.isUp = false
      hangUp()
    },
    comeUp: (remembers) => {
      state.isUp = true
      cleanShims(state)
      if (!remembers) forgetEnded(state)
    }
  }
}

/** What containerd 1.7 and later do when they start: a task that has ended is cleaned away, and how it ended with it. */
const forgetEnded = (state: State): void => {
  for (const [id, { process }] of state.tasks) {
    if (process.ended() === undefined) continue
    forgetTask(state, id)
    for (const one of state.lived) if (one.process === process) one.isForgotten = true
  }
}

const OF_HOST: ReadonlyArray<(Do | Undo)['_tag']> = ['MakeDirectory', 'WriteFile', 'PinSource', 'InspectPaths', 'RemoveFile', 'UnpinSource',
  'MakeNamespace', 'JoinNetwork', 'AcceptForwarded', 'RemoveNamespace', 'LeaveNetwork',
  'MakeStreams', 'RemoveStreams']

const machineFor = (state: State, calls: Calls, caller: Caller): Machine => {
  const from = (what: Do | Undo): Parameters<typeof call>[0] => ({ state, calls, caller, isOfHost: OF_HOST.includes(what._tag) })
  return {
    perform: (act, how) => () => call(from(act), `${act._tag} ${targetOf(act)}`, async () =>
      withoutShim(state, act, how.owner) ?? perform(state, act, how, caller.isDead)),
    revert: (undo, how) => () => call(from(undo), `undo ${undo._tag} ${targetOf(undo)}`, async () =>
      withoutShim(state, undo, how.owner) ?? revert(state, undo, how, caller.isDead))
  }
}

const readsFor = (state: State, calls: Calls, caller: Caller): Reads => {
  const read = <A>(name: string, look: () => A, isOfHost = false): TE.TaskEither<Failure, A> =>
    () => call({ state, calls, caller, isOfHost }, name, () => Promise.resolve(E.right(look())))
  return {
    answer: (questions) => read('answer', () => reads.answer(state, questions)),
    observe: (container) => read(`observe ${container}`, () => reads.observe(state, container)),
    exit: (container, signal) => () => call({ state, calls, caller }, `exit ${container}`, () => reads.exit(state, container, signal)),
    noteExit: (container, exit) => () => call({ state, calls, caller }, `note ${container}`, () => Promise.resolve(reads.noteExit(state, container, exit))),
    records: (owner) => read(`records ${owner}`, () =>
      [...state.containers].filter(([, one]) => one.owner === owner).map(([container, one]) => ({ container, ...one }))),
    runs: (allocId, task) => read(`runs of ${task}`, () => reads.runs(state, allocId, task)),
    process: (container, owner) => read(`process ${container}`, () => execs.processOf(state, container, owner)),
    execExit: (container, exec, signal) => () =>
      call({ state, calls, caller }, `exit ${exec}`, () => execs.execExit(state, container, exec, signal)),
    namesIn: (directory) => read(`names in ${directory}`, () => execs.namesIn(state, directory), true),
    seen: ({ node, stateDirectory }) => read('seen', () => seen(state, node, stateDirectory)),
    images: () => read('images', () => seenImages(state)),
    disk: () => read('disk', () => diskOf(state)),
    gauge: (container) => gaugeFor({ state, calls, caller }, container),
    version: () => read('version', () => ({ version: '0.0.0', revision: 'world' }))
  }
}

// Only to find where the files of a task are containerd is needed.
const gaugeFor = (from: Parameters<typeof call>[0], container: string): Gauge => {
  let isFound = false
  return {
    read: async (atMs) => {
      const outcome = await call({ ...from, isOfHost: isFound }, `reading ${container}`, () =>
        Promise.resolve(E.right(reads.reading(from.state, container, atMs))))
      isFound = isFound || E.isRight(outcome)
      return outcome
    },
    close: () => undefined
  }
}

const incarnate = (state: State, calls: Calls): Incarnation => {
  const over = new AbortController()
  const kill = (): void => { over.abort() }
  const caller: Caller = { isDead: () => over.signal.aborted, die: kill }
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> => new Promise((resolve) => {
    void state.clock.sleep(ms, signal).then(() => { if (!over.signal.aborted) resolve() })
  })
  return {
    ports: {
      machine: () => machineFor(state, calls, caller),
      reads: () => readsFor(state, calls, caller),
      streams: (directory) => () => Promise.resolve(execs.openStreams(state, directory)),
      hold: () => Promise.resolve(() => undefined),
      clock: { now: () => state.clock.now(), sleep },
      log: () => undefined
    },
    kill,
    isDead: caller.isDead
  }
}
