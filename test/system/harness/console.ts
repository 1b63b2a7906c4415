import { ServiceError } from '@grpc/grpc-js'

import { ExecTaskStreamingRequest, ExecTaskStreamingResponse } from '../../../src/generated/nomad/driver'
import { Plugin } from './plugin'

/** Somebody who runs a command in a task at a console of their own, as Nomad's client speaks. */
export interface Console {
  readonly stdout: () => string
  readonly stderr: () => string
  /** Bytes of standard output so far. */
  readonly bytes: () => number
  readonly type: (bytes: Uint8Array | string) => Promise<void>
  readonly closeInput: () => void
  readonly resize: (height: number, width: number) => void
  readonly heartbeat: () => void
  readonly send: (message: Partial<ExecTaskStreamingRequest>) => void
  /** Stops reading, and goes on. */
  readonly pause: () => void
  readonly resume: () => void
  readonly vanish: () => void
  /** The messages that hold no output, in their order, once the stream has ended. */
  readonly ended: Promise<ReadonlyArray<string>>
  /** The exit code, once the stream has ended. */
  readonly code: Promise<number>
}

interface Wanted {
  readonly tty?: boolean
  /** What is done with each chunk of standard output; kept as text when left out. */
  readonly heard?: (chunk: Uint8Array) => void
}

const none: ExecTaskStreamingRequest = { setup: undefined, ttySize: undefined, stdin: undefined }

export const openConsole = (plugin: Plugin, taskId: string, command: ReadonlyArray<string>, { tty = false, heard }: Wanted = {}): Console => {
  const call = plugin.driver.execTaskStreaming()
  const said = { out: '', err: '', bytes: 0, marks: [] as Array<string>, code: -1 }
  const take = (message: ExecTaskStreamingResponse): void => {
    const { stdout, stderr, exited, result } = message
    if (stdout !== undefined && stdout.data.length > 0) {
      said.bytes += stdout.data.length
      if (heard === undefined) said.out += Buffer.from(stdout.data).toString()
      else heard(stdout.data)
    }
    if (stderr !== undefined && stderr.data.length > 0) said.err += Buffer.from(stderr.data).toString()
    if (stdout?.close === true) said.marks.push('stdout closed')
    if (stderr?.close === true) said.marks.push('stderr closed')
    if (exited) said.marks.push('exited')
    if (exited && result !== undefined) said.code = result.exitCode
  }
  call.on('data', take)
  const ended = new Promise<void>((resolve, reject) => {
    call.on('end', resolve)
    call.on('error', (error: ServiceError) => { reject(error) })
  })
  ended.catch(() => undefined)
  const send = (message: Partial<ExecTaskStreamingRequest>): boolean => call.write({ ...none, ...message })
  send({ setup: { taskId, command: [...command], tty } })
  const code = ended.then(() => said.code)
  const marks = ended.then(() => said.marks)
  // A test that lets the caller vanish asks for neither.
  for (const one of [code, marks]) one.catch(() => undefined)
  return {
    stdout: () => said.out,
    stderr: () => said.err,
    bytes: () => said.bytes,
    type: async (bytes) => {
      const more = send({ stdin: { data: Buffer.from(bytes), close: false } })
      if (!more) await new Promise((resolve) => call.once('drain', resolve))
    },
    closeInput: () => { send({ stdin: { data: Buffer.alloc(0), close: true } }) },
    resize: (height, width) => { send({ ttySize: { height, width } }) },
    heartbeat: () => { send({}) },
    send,
    pause: () => { call.pause() },
    resume: () => { call.resume() },
    vanish: () => { call.cancel() },
    ended: marks,
    code
  }
}
