import * as fc from 'fast-check'

import { FailureTag } from '../../src/core/domain/Failure'
import { Wrong } from '../fakes/world/calls'

/** One thing that happens in a sequence, and the time that passes then. Data only: it can be printed, kept and played again. */
export type Step = Happening & { readonly ms: number }

type Happening =
  // ---- what Nomad asks for ----
  /** A run of a task; the second under one id only with `isSameId`: Nomad gives each its own. */
  | { readonly _tag: 'Start'; readonly task: number; readonly program: ReadonlyArray<string>; readonly isSameId?: boolean }
  | { readonly _tag: 'Stop'; readonly task: number; readonly withinMs: number; readonly signal: string }
  | { readonly _tag: 'Destroy'; readonly task: number; readonly force: boolean }
  | { readonly _tag: 'Signal'; readonly task: number; readonly signal: string }
  | { readonly _tag: 'Wait' | 'Inspect' | 'Stats' | 'Recover'; readonly task: number }
  | { readonly _tag: 'Fingerprint' }
  /** The agent goes: every call that is under way is cancelled. The process of the driver stays. */
  | { readonly _tag: 'Leave' }
  /** The agent comes back, starts the driver when it is gone, and recovers every task that it has a handle of. */
  | { readonly _tag: 'Return' }
  // ---- what else happens ----
  | { readonly _tag: 'Pass' }
  /** The call of the world after so many others goes wrong. */
  | { readonly _tag: 'Trouble'; readonly inCalls: number; readonly wrong: Wrong }
  /** The process of the driver is killed where it is. */
  | { readonly _tag: 'Kill' }
  | { readonly _tag: 'GoDown' | 'Cut' | 'Fill' | 'Free' }
  | { readonly _tag: 'ComeUp' | 'Restart'; readonly remembers: boolean }
  /** Somebody removes the task, its container and its snapshot behind the driver's back. */
  | { readonly _tag: 'Remove'; readonly task: number }
  /** A command in a task, of which a caller hears at the end or all along. `withinMs` 0 is no limit. */
  | {
    readonly _tag: 'Exec'; readonly task: number; readonly command: ReadonlyArray<string>; readonly withinMs: number
    readonly at: 'whole' | 'console' | 'terminal'
  }
  /** The agent removes an allocation that it knows no task of any more. */
  | { readonly _tag: 'Collect'; readonly task: number }
  /** Whoever runs commands in a task goes. */
  | { readonly _tag: 'Vanish'; readonly task: number }
  /** The shim of a task is killed. */
  | { readonly _tag: 'KillShim'; readonly task: number }
  /** Nobody reads the output of a task, or somebody does again. */
  | { readonly _tag: 'Unread' | 'Read'; readonly task: number }

export const TASKS = 3

const task = fc.nat({ max: TASKS - 1 })
const signal = fc.constantFrom('SIGTERM', 'SIGUSR1', 'SIGKILL', 'SIGWINCH')
const ms = fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: 1000 }), fc.nat({ max: 20_000 }), fc.nat({ max: 200_000 }))

const words: ReadonlyArray<fc.Arbitrary<string>> = [
  fc.tuple(fc.constantFrom(0, 3, 137, 255), ms).map(([status, at]) => `exit=${String(status)}@${String(at)}`),
  ms.map((at) => `oom@${String(at)}`),
  fc.constant('ignore'),
  fc.constantFrom(10, 7000).map((at) => `handle=7@${String(at)}`),
  fc.constantFrom('hang=20000', 'hang=70000'),
  fc.constant('no-such-program')
]

const program = fc.array(fc.oneof(...words), { maxLength: 2 })

const AMBIGUOUS: ReadonlyArray<FailureTag> = ['Unavailable', 'TimedOut', 'Unknown']

const wrong: fc.Arbitrary<Wrong> = fc.oneof(
  fc.record({ _tag: fc.constant('Refuse' as const), failure: fc.constantFrom<FailureTag>('Denied', 'Invalid', ...AMBIGUOUS) }),
  fc.record({ _tag: fc.constant('LoseReply' as const), failure: fc.constantFrom(...AMBIGUOUS) }),
  fc.record({ _tag: fc.constant('Late' as const), isDone: fc.boolean() }),
  fc.constant({ _tag: 'Throw' as const }),
  fc.record({ _tag: fc.constant('Die' as const), isDone: fc.boolean() })
)

/** Nothing, so that the next step meets this one under way; a moment; enough for a start; long. */
const time = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.nat({ max: 300 }) },
  { weight: 4, arbitrary: fc.constant(500) }, { weight: 2, arbitrary: ms }
)

const step = <A extends object>(of: fc.Arbitrary<A>): fc.Arbitrary<A & { readonly ms: number }> =>
  fc.tuple(of, time).map(([happening, forMs]) => ({ ...happening, ms: forMs }))

const just = <Tag extends string>(...tags: ReadonlyArray<Tag>): fc.Arbitrary<{ readonly _tag: Tag }> =>
  fc.constantFrom(...tags).map((_tag) => ({ _tag }))

const ofTask = <Tag extends string>(...tags: ReadonlyArray<Tag>): fc.Arbitrary<{ readonly _tag: Tag; readonly task: number }> =>
  fc.record({ _tag: fc.constantFrom(...tags), task })

const start = fc.record({ _tag: fc.constant('Start' as const), task, program, isSameId: fc.constantFrom(false, false, true) })
const trouble = fc.record({ _tag: fc.constant('Trouble' as const), inCalls: fc.nat({ max: 16 }), wrong })

const command = fc.tuple(
  fc.constantFrom<ReadonlyArray<string>>([], ['sim']),
  fc.array(fc.oneof(...words, fc.constantFrom('print=out', 'complain=err', 'keep', 'exit=0@10', 'exit=2@10')), { minLength: 1, maxLength: 3 })
).map(([first, rest]) => (first.length === 0 && rest.includes('no-such-program') ? [] : ['sim', ...rest]))

const exec = fc.record({
  _tag: fc.constant('Exec' as const), task, command, withinMs: fc.constantFrom(0, 1000, 5000, 60_000),
  at: fc.constantFrom('whole' as const, 'console' as const, 'terminal' as const)
})

/** Any step, the usual ones more often. */
export const steps: ReadonlyArray<fc.Arbitrary<Step>> = [
  start, start, start,
  just('Pass'),
  fc.record({ _tag: fc.constant('Stop' as const), task, withinMs: fc.constantFrom(0, 5000), signal: fc.oneof(fc.constant(''), signal) }),
  fc.record({ _tag: fc.constant('Destroy' as const), task, force: fc.boolean() }),
  fc.record({ _tag: fc.constant('Signal' as const), task, signal }),
  trouble, trouble,
  fc.record({ _tag: fc.constantFrom('ComeUp' as const, 'ComeUp' as const, 'Restart' as const), remembers: fc.boolean() }),
  exec, exec,
  ofTask('Vanish', 'Vanish', 'KillShim'),
  ofTask('Collect'),
  ofTask('Wait', 'Recover'),
  ofTask('Wait', 'Inspect', 'Stats'),
  ofTask('Remove', 'Unread', 'Read', 'Read'),
  just('Kill', 'Kill', 'Leave', 'Fingerprint'),
  just('Return'), just('Return'),
  just('GoDown', 'Cut', 'Cut', 'Fill', 'Free', 'Free')
].map((one) => step<Happening>(one))
