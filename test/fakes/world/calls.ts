import * as E from 'fp-ts/Either'

import { Failure, FailureTag } from '../../../src/core/domain/Failure'
import { State } from './State'

/**
 * How one call goes wrong: it is refused; it is done and its answer is lost; the answer comes after the deadline of the call,
 * and it was done or not; the port throws; whoever calls is killed.
 */
export type Wrong =
  | { readonly _tag: 'Refuse'; readonly failure: FailureTag }
  | { readonly _tag: 'LoseReply'; readonly failure: FailureTag }
  | { readonly _tag: 'Late'; readonly isDone: boolean }
  | { readonly _tag: 'Throw' }
  /** The process of the driver ends there; the call was done or not. */
  | { readonly _tag: 'Die'; readonly isDone: boolean }

/** What goes wrong: `step` counts the calls of the world from the first, which is 0. */
export type Trouble = Wrong & { readonly step: number }

/** One process of the driver: once it is killed it does nothing more and hears nothing. */
export interface Caller {
  readonly isDead: () => boolean
  readonly die: () => void
}

export interface Calls {
  /** How many calls there were. */
  count: number
  readonly troubles: Array<Trouble>
  /** How long the next call is under way; 0 is at once. */
  readonly latencyMs: () => number
  readonly log: Array<string>
}

/** From where to where a call goes. */
interface From {
  readonly state: State
  readonly calls: Calls
  readonly caller: Caller
  /** Whether it goes to the host itself, which is there without containerd too. */
  readonly isOfHost?: boolean
}

const DEADLINE_MS = 60_000
const never = <A>(): Promise<A> => new Promise(() => undefined)

/** One call: over a connection that may be down, with what goes wrong. A caller that was killed hears nothing. */
export const call = async <A>(from: From, name: string, act: () => Promise<E.Either<Failure, A>>): Promise<E.Either<Failure, A>> => {
  const { state, calls, caller } = from
  const latencyMs = calls.latencyMs()
  await (latencyMs === 0 ? Promise.resolve() : state.clock.sleep(latencyMs))
  if (caller.isDead()) return never()
  const outcome = await underWay(from, name, act)
  return caller.isDead() ? never() : outcome
}

const underWay = async <A>(
  { state, calls, caller, isOfHost = false }: From, name: string, act: () => Promise<E.Either<Failure, A>>
): Promise<E.Either<Failure, A>> => {
  const wrong = calls.troubles.find(({ step }) => step === calls.count)
  calls.count += 1
  calls.log.push(name)
  if (wrong?._tag === 'Throw') throw new Error('a bug')
  if (wrong?._tag === 'Die') caller.die()
  if (wrong?._tag === 'Die' && !wrong.isDone) return never()
  if (!state.isUp && !isOfHost) return E.left(Failure('Unavailable', name, 'containerd does not answer'))
  if (wrong?._tag === 'Refuse') return E.left(Failure(wrong.failure, name, 'refused'))
  const { signal: connection } = state.connections
  const outcome = wrong?._tag === 'Late' && !wrong.isDone ? undefined : await act()
  if (wrong?._tag === 'LoseReply') return E.left(Failure(wrong.failure, name, 'reply lost'))
  if (wrong?._tag === 'Late' || outcome === undefined) {
    await state.clock.sleep(DEADLINE_MS)
    return E.left(Failure('TimedOut', name, 'deadline exceeded'))
  }
  return connection.aborted && !isOfHost ? E.left(Failure('Unavailable', name, 'the connection broke')) : outcome
}
