import { handleServerStreamingCall, handleUnaryCall, ServerWritableStream } from '@grpc/grpc-js'

import { Log } from '../effects/ports/Ports'
import { toServiceError } from './Refusal'

/** Makes gRPC handlers of async functions. */
export interface Handlers {
  /** A unary handler: what the function throws becomes a status, here and nowhere else. */
  readonly unary: <Q, A>(answer: (request: Q, cancelled: AbortSignal) => Promise<A>) => handleUnaryCall<Q, A>
  /** A stream that stays open until the other side ends it or `feed` resolves; `feed` gets a signal that says when. */
  readonly streaming: <Q, A>(feed: Feed<Q, A>) => handleServerStreamingCall<Q, A>
  /** One whose values are soon old: while the other side reads none, they are dropped. */
  readonly sampling: <Q, A>(feed: Feed<Q, A>) => handleServerStreamingCall<Q, A>
}

type Feed<Q, A> = (request: Q, send: (value: A) => void, cancelled: AbortSignal) => Promise<void>

export const Handlers = (log: Log): Handlers => ({
  unary: (answer) => (call, callback) => {
    const abort = new AbortController()
    call.on('cancelled', () => { abort.abort() })
    Promise.resolve().then(() => answer(call.request, abort.signal)).then(
      (value) => { callback(null, value) },
      (thrown: unknown) => { callback(toServiceError(log, thrown)) }
    )
  },
  streaming: (feed) => (call) => { stream(log, call, feed, (value) => { call.write(value) }) },
  sampling: (feed) => (call) => {
    stream(log, call, feed, (value) => { if (!call.writableNeedDrain) call.write(value) })
  }
})

const stream = <Q, A>(
  log: Log, call: ServerWritableStream<Q, A>, feed: Feed<Q, A>, write: (value: A) => void
): void => {
  const abort = new AbortController()
  call.on('cancelled', () => { abort.abort() })
  call.on('close', () => { abort.abort() })
  const send = (value: A): void => { if (!abort.signal.aborted) write(value) }
  Promise.resolve().then(() => feed(call.request, send, abort.signal)).then(
    () => { call.end() },
    (thrown: unknown) => { call.emit('error', toServiceError(log, thrown)) }
  )
}

/** Resolves when the signal fires. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => { resolve() }, { once: true })
  })
