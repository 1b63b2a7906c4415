import * as E from 'fp-ts/Either'

import { Failure, FailureTag } from '../../core/domain/Failure'
import { Performing } from '../ports/Machine'
import { must } from '../ports/must'
import { failureOf, Thrown } from '../ports/Thrown'

type Tell = NonNullable<Performing['tell']>

/** Work that is under way, whoever began it, and who hears how it goes. */
interface UnderWay {
  readonly listeners: Set<Tell>
  readonly over: Promise<E.Either<Failure, void>>
  /** Whether whoever began it has been stopped: that is no answer to anybody else. */
  readonly isStopped: () => boolean
}

/** What ends the work for whoever wants it, and how that one hears of it. */
interface How {
  readonly signal: AbortSignal
  readonly tell: Tell | undefined
}

const all = new WeakMap<object, Map<string, UnderWay>>()

/** Whose limits and whose login failed: another's work is not ended by it. */
const OF_ONE: ReadonlyArray<FailureTag> = ['Cancelled', 'TimedOut', 'Denied']

/**
 * Does the work, or waits for the same work of another at this place, hears of it with him, and then has done it too:
 * what he brought is found there. Whoever waits takes over where the other is stopped, and throws what he threw where
 * the work itself failed. Throws when `signal` is aborted: somebody wants no more of it, or its time is up.
 */
export const joined = async (
  place: object, key: string, how: How, work: (tell: Tell) => Promise<void>
): Promise<void> => {
  const known = all.get(place) ?? new Map<string, UnderWay>()
  all.set(place, known)
  for (let other = known.get(key); other !== undefined; other = known.get(key)) await follow(other, how)
  const listeners = new Set(how.tell === undefined ? [] : [how.tell])
  const doing = outcomeOf(() => work((come) => { for (const listener of listeners) listener(come) }))
  const over = doing.finally(() => { known.delete(key) })
  known.set(key, { listeners, over, isStopped: () => how.signal.aborted })
  must(await over)
}

const outcomeOf = async (work: () => Promise<void>): Promise<E.Either<Failure, void>> => {
  try {
    await work()
    return E.right(undefined)
  } catch (thrown) {
    return E.left(failureOf(thrown, 'pull an image'))
  }
}

const follow = async (
  { listeners, over, isStopped }: UnderWay, { signal, tell }: How
): Promise<void> => {
  if (tell !== undefined) listeners.add(tell)
  const left = new AbortController()
  try {
    const outcome = await Promise.race([over, aborted(signal, left.signal)])
    if (E.isLeft(outcome) && !isStopped() && !OF_ONE.includes(outcome.left._tag)) throw new Thrown(outcome.left)
  } finally {
    left.abort()
    if (tell !== undefined) listeners.delete(tell)
  }
}

const aborted = (signal: AbortSignal, left: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    const stop = (): void => { reject(signal.reason as Error) }
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true, signal: left })
  })
