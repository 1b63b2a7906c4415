import { ServerDuplexStream, status } from '@grpc/grpc-js'

import { Driver } from '../driver/Driver'
import { Caller, execStreaming, Heard, Told } from '../driver/execStreaming'
import { execTask, Executed } from '../driver/execTask'
import {
  DriverServer, ExecTaskRequest, ExecTaskResponse, ExecTaskStreamingRequest, ExecTaskStreamingRequest_Setup as Setup,
  ExecTaskStreamingResponse
} from '../generated/nomad/driver'
import { Handlers } from './handlers'
import { answered, Refusal, toServiceError } from './Refusal'
import { toMs } from './stopping'

/** The two calls that run a command in a task. */
export const execs = (driver: Driver): Pick<DriverServer, 'execTask' | 'execTaskStreaming'> => ({
  execTask: Handlers(driver.ports.log).unary(async ({ taskId, command, timeout }: ExecTaskRequest, cancelled) =>
    toResponse(answered(await execTask(driver, { id: taskId, command, timeoutMs: toMs(timeout) }, cancelled)))),
  execTaskStreaming: (call) => {
    streamed(driver, call).then(
      () => { call.end() },
      (thrown: unknown) => { call.emit('error', toServiceError(driver.ports.log, thrown)) }
    )
  }
})

const toResponse = ({ exit: { code, signal }, stdout, stderr }: Executed): ExecTaskResponse =>
  ({ stdout: Buffer.from(stdout), stderr: Buffer.from(stderr), result: { exitCode: code, signal, oomKilled: false } })

type Call = ServerDuplexStream<ExecTaskStreamingRequest, ExecTaskStreamingResponse>

const streamed = async (driver: Driver, call: Call): Promise<void> => {
  const gone = goneOf(call)
  const { taskId, command, tty } = await setupOf(call, gone)
  const failed = new Promise<never>((_resolve, reject) => { call.once('fault', reject) })
  const done = execStreaming(driver, { id: taskId, command, terminal: tty }, callerOf(call, gone, tty))
  answered(await Promise.race([done, failed]))
}

/** Fires when the client has gone: the call was cancelled, or its connection broke. */
const goneOf = (call: Call): AbortSignal => {
  const abort = new AbortController()
  for (const event of ['cancelled', 'close', 'fault']) call.on(event, () => { abort.abort() })
  return abort.signal
}

const setupOf = (call: Call, gone: AbortSignal): Promise<Setup> =>
  new Promise((resolve, reject) => {
    const wrong = (): void => { reject(new Refusal(status.INVALID_ARGUMENT, 'first message should always be setup')) }
    gone.addEventListener('abort', wrong, { once: true })
    call.once('end', wrong)
    call.once('data', ({ setup }: ExecTaskStreamingRequest) => {
      // What follows waits until the command runs.
      call.pause()
      if (setup === undefined) wrong()
      else resolve(setup)
    })
  })

const callerOf = (call: Call, gone: AbortSignal, tty: boolean): Caller => ({
  gone,
  tell: (told) => written(call, toMessage(told), gone),
  hear: (heard) => {
    const next = (said: Heard): void => {
      call.pause()
      void heard(said).then(() => call.resume(), (thrown: unknown) => { call.emit('fault', thrown) })
    }
    call.on('data', (message: ExecTaskStreamingRequest) => {
      const said = heardIn(message)
      if (said === 'unexpected') call.emit('fault', SECOND_SETUP)
      else if (said !== undefined) next(said)
    })
    // Nomad's own client never ends its side. Whoever does has no more input, but a terminal stays open.
    call.once('end', () => { if (!tty) next({ _tag: 'InputEnds' }) })
    call.resume()
  }
})

const SECOND_SETUP = new Refusal(status.INVALID_ARGUMENT, 'unexpected message type: a second setup')

/** An empty message is a heartbeat. */
const heardIn = ({ setup, stdin, ttySize }: ExecTaskStreamingRequest): Heard | 'unexpected' | undefined => {
  if (setup !== undefined) return 'unexpected'
  if (stdin !== undefined) return stdin.close ? { _tag: 'InputEnds' } : { _tag: 'Input', bytes: stdin.data }
  return ttySize === undefined ? undefined : { _tag: 'Resized', width: ttySize.width, height: ttySize.height }
}

const toMessage = (told: Told): ExecTaskStreamingResponse => {
  switch (told._tag) {
    case 'Output':
      return message({ [told.stream]: { data: Buffer.from(told.bytes), close: false } })
    case 'OutputEnds':
      return message({ [told.stream]: { data: Buffer.alloc(0), close: true } })
    case 'Exited':
      return message({ exited: true, result: { exitCode: told.code, signal: told.signal, oomKilled: false } })
  }
}

const message = (some: Partial<ExecTaskStreamingResponse>): ExecTaskStreamingResponse =>
  ({ stdout: undefined, stderr: undefined, exited: false, result: undefined, ...some })

/** Resolves when more may be written, or the client has gone. */
const written = (call: Call, value: ExecTaskStreamingResponse, gone: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (gone.aborted || call.write(value)) {
      resolve()
      return
    }
    const go = (): void => {
      gone.removeEventListener('abort', go)
      call.off('drain', go)
      resolve()
    }
    gone.addEventListener('abort', go, { once: true })
    call.once('drain', go)
  })
