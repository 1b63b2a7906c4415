import { CallOptions, Client, ClientUnaryCall, Metadata, ServiceError } from '@grpc/grpc-js'
import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Containerd } from './Containerd'
import { toFailure } from './toFailure'

type Callback<A> = (error: ServiceError | null, value: A) => void

type Unary<Q, A> = (
  request: Q, metadata: Metadata, options: Partial<CallOptions>, callback: Callback<A>
) => ClientUnaryCall

/** The services of containerd that are spoken to, as the fields of a connection name them. */
type Service = { [S in keyof Containerd]: Containerd[S] extends Client ? S : never }[keyof Containerd]

/** The unary methods of a service. */
type Method<S extends Service> = {
  [M in Exclude<keyof Containerd[S], keyof Client>]: Containerd[S][M] extends Unary<infer _Q, infer _A> ? M : never
}[Exclude<keyof Containerd[S], keyof Client>]

type Asked<S extends Service, M extends Method<S>> = Containerd[S][M] extends Unary<infer Q, infer _A> ? Q : never
type Answered<S extends Service, M extends Method<S>> = Containerd[S][M] extends Unary<infer _Q, infer A> ? A : never

/** How a call is made: the lease that holds what it makes, the time it may take, what ends it early. */
export interface How {
  readonly lease?: string
  readonly deadlineMs?: number
  readonly signal?: AbortSignal
}

const DEADLINE_MS = 60_000

/** Calls one method. `deadlineMs` 0 waits without end (Wait). `doing` says to people what was being done. */
export const call =
  <S extends Service, M extends Method<S>>(
    containerd: Containerd,
    doing: string,
    [service, name]: readonly [S, M],
    request: Asked<S, M>,
    how: How = {}
  ): TE.TaskEither<Failure, Answered<S, M>> =>
  () =>
    new Promise((settle) => {
      const { deadlineMs = DEADLINE_MS, signal } = how
      if (signal?.aborted === true) {
        settle(E.left(cancelled(doing)))
        return
      }
      const options = deadlineMs === 0 ? {} : { deadline: Date.now() + deadlineMs }
      const client = containerd[service]
      // By its type it is one: Method<S> names no other field.
      const method = (client[name] as Unary<Asked<S, M>, Answered<S, M>>).bind(client)
      const running = method(request, containerd.headers(how.lease), options, (error, value) => {
        signal?.removeEventListener('abort', cancel)
        if (error === null) settle(E.right(value))
        else settle(E.left(signal?.aborted === true ? cancelled(doing) : toFailure(doing, containerd.address, error)))
      })
      const cancel = (): void => {
        running.cancel()
      }
      signal?.addEventListener('abort', cancel)
    })

const cancelled = (doing: string): Failure => Failure('Cancelled', doing, 'was stopped while it was under way')

/** A failure with one of these tags is as good as done: its thing is gone, or is there already. */
export const orDone = (tag: Failure['_tag']) =>
  (act: TE.TaskEither<Failure, unknown>): TE.TaskEither<Failure, void> =>
  async () => {
    const outcome = await act()
    return E.isRight(outcome) || outcome.left._tag === tag ? E.right(undefined) : outcome
  }

/** Undefined where the thing does not exist. */
export const orAbsent = <A>(act: TE.TaskEither<Failure, A>): TE.TaskEither<Failure, A | undefined> => async () => {
  const outcome = await act()
  return E.isLeft(outcome) && outcome.left._tag === 'NotFound' ? E.right(undefined) : outcome
}
