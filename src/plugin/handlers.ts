import { handleServerStreamingCall, handleUnaryCall, ServerWritableStream } from '@grpc/grpc-js'

import { toServiceError } from './Refusal'

/** A unary handler from an async function: what it throws becomes a status, here and nowhere else. */
export const unary =
  <Q, A>(answer: (request: Q, cancelled: AbortSignal) => Promise<A>): handleUnaryCall<Q, A> =>
  (call, callback) => {
    const abort = new AbortController()
    call.on('cancelled', () => { abort.abort() })
    Promise.resolve().then(() => answer(call.request, abort.signal)).then(
      (value) => { callback(null, value) },
      (thrown: unknown) => { callback(toServiceError(thrown)) }
    )
  }

/** A stream that stays open until the other side ends it or `feed` resolves; `feed` gets a signal that says when. */
export const streaming =
  <Q, A>(feed: (request: Q, send: (value: A) => void, cancelled: AbortSignal) => Promise<void>): handleServerStreamingCall<Q, A> =>
  (call: ServerWritableStream<Q, A>) => {
    const abort = new AbortController()
    call.on('cancelled', () => { abort.abort() })
    call.on('close', () => { abort.abort() })
    const send = (value: A): void => { if (!abort.signal.aborted) call.write(value) }
    Promise.resolve().then(() => feed(call.request, send, abort.signal)).then(
      () => { call.end() },
      (thrown: unknown) => { call.emit('error', toServiceError(thrown)) }
    )
  }

/** Resolves when the signal fires. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => { resolve() }, { once: true })
  })

/** Resolves after `ms`, or earlier when the signal fires. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => { clearTimeout(timer); resolve() }, { once: true })
  })
