import { constants, openSync } from 'node:fs'
import { Socket } from 'node:net'

import { Clock } from '../ports/Clock'
import { OpenStreams, Streams } from '../ports/Streams'
import { codeOf } from '../ports/Thrown'
import { systemCall } from './systemCall'

const { O_RDONLY, O_WRONLY, O_NONBLOCK, O_NOFOLLOW } = constants

/**
 * Opens pipes without waiting for their other ends, and lets the event loop say when there is something to do: no
 * thread is held by a process that is silent.
 */
export const openStreams = (clock: Clock): OpenStreams => (directory, names) => async () => {
  const readers = new Map<string, Socket>()
  const opened = await systemCall(`open the pipes in ${directory}`, () => {
    for (const name of ['stdout', 'stderr']) if (names.includes(name)) readers.set(name, reader(`${directory}/${name}`))
    return Promise.resolve()
  })
  if (opened._tag === 'Left') {
    for (const one of readers.values()) one.destroy()
    return opened
  }
  return { _tag: 'Right', right: streamsOf(clock, readers, names.includes('stdin') ? `${directory}/stdin` : undefined) }
}

const reader = (path: string): Socket =>
  new Socket({ fd: openSync(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW), readable: true, writable: false })

const streamsOf = (clock: Clock, readers: ReadonlyMap<string, Socket>, stdin: string | undefined): Streams => {
  const over = new AbortController()
  const input = stdin === undefined ? undefined : Input(clock, stdin, over.signal)
  return {
    stdout: bytesOf(readers.get('stdout')),
    stderr: bytesOf(readers.get('stderr')),
    write: async (bytes) => { await input?.write(bytes) },
    endInput: async () => { await input?.end() },
    close: () => {
      over.abort()
      for (const one of readers.values()) one.destroy()
    }
  }
}

async function* bytesOf(socket: Socket | undefined): AsyncGenerator<Uint8Array> {
  if (socket === undefined) return
  try {
    for await (const chunk of socket) yield chunk as Uint8Array
  } catch {
    // It was closed before its end: that is an end too.
  }
}

interface Input {
  readonly write: (bytes: Uint8Array) => Promise<void>
  readonly end: () => Promise<void>
}

/** Writes to a pipe that its reader opens at some moment: the shim does when it starts the process. */
const Input = (clock: Clock, path: string, over: AbortSignal): Input => {
  let opened: Promise<Socket | undefined> | undefined
  const open = (): Promise<Socket | undefined> => (opened ??= writer(clock, path, over))
  return {
    write: async (bytes) => {
      const socket = await open()
      if (socket !== undefined && !socket.destroyed) await written(socket, bytes)
    },
    end: async () => { (await open())?.destroy() }
  }
}

const FIRST_LOOK_MS = 1
const LONGEST_LOOK_MS = 50

/** Undefined when nobody has opened the pipe to read when all is over. */
const writer = async (clock: Clock, path: string, over: AbortSignal): Promise<Socket | undefined> => {
  for (let pauseMs = FIRST_LOOK_MS; !over.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_LOOK_MS)) {
    const fd = descriptor(path)
    if (fd !== undefined) return socketOf(fd, over)
    await clock.sleep(pauseMs, over)
  }
  return undefined
}

// A pipe without a reader cannot be opened to write without waiting: ENXIO (fifo(7)).
const descriptor = (path: string): number | undefined => {
  try {
    return openSync(path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW)
  } catch (thrown) {
    if (['ENXIO', 'ENOENT'].includes(codeOf(thrown))) return undefined
    throw thrown
  }
}

const socketOf = (fd: number, over: AbortSignal): Socket => {
  const socket = new Socket({ fd, readable: false, writable: true })
  // EPIPE: nobody reads any more, and what is written now is dropped.
  socket.on('error', () => undefined)
  over.addEventListener('abort', () => { socket.destroy() }, { once: true })
  return socket
}

const written = (socket: Socket, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve) => { socket.write(bytes, () => { resolve() }) })
