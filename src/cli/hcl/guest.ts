import { closeSync, openSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'

import { guestFiles, spans } from './guestFiles'
import type { Reach } from './Reach'
import { withoutWasiWarning } from './withoutWasiWarning'

/** The part of WebAssembly's interface that is used here; Node's own types leave it out. */
declare const WebAssembly: {
  readonly compile: (bytes: Uint8Array) => Promise<object>
  readonly instantiate: (module: object, imports: object) => Promise<Instance>
}

type Instance = { readonly exports: { readonly memory: { readonly buffer: ArrayBuffer } } }
type Transfer = (fd: number, vectors: number, count: number, total: number) => number

/**
 * How a guest program ended, and all that it wrote until then. `stack` and `crash`: the program did not end by itself.
 */
export type Ended = {
  readonly end: 'exit' | 'stack' | 'crash'
  readonly code: number
  readonly output: string
  readonly errors: string
}

/**
 * A WASI program that can run many times, each time from its start. It answers its requests in order, a line each: each
 * sees the files of its `reach`.
 */
export type Guest = (input: string, reaches?: ReadonlyArray<Reach | undefined>) => Promise<Ended>

/** Compiles a WASI program; a run is given its input, and no arguments or environment. */
export const loadGuest = async (program: Uint8Array): Promise<Guest> => {
  // It runs for milliseconds: optimising it, or checking functions that it never calls, costs more than it gains.
  for (const flag of ['--liftoff-only', '--wasm-lazy-validation']) setFlagsFromString(flag)
  const module = await WebAssembly.compile(program)
  return async (input, reaches = []) => {
    const nothing = openSync('/dev/null', 'r+')
    try {
      return await finished(module, nothing, Buffer.from(input), reaches)
    } finally {
      closeSync(nothing)
    }
  }
}

const finished = async (
  module: object, nothing: number, input: Buffer, reaches: ReadonlyArray<Reach | undefined>
): Promise<Ended> => {
  const { WASI } = await withoutWasiWarning(() => import('node:wasi'))
  const streams = { stdin: nothing, stdout: nothing, stderr: nothing }
  // Where `abspath` starts from.
  const wasi = new WASI({ version: 'preview1', env: { PWD: process.cwd() }, returnOnExit: true, ...streams })
  const output: Array<Buffer> = []
  const errors: Array<Buffer> = []
  const memory = (): ArrayBuffer => instance.exports.memory.buffer
  const files = guestFiles(memory, () => reaches[linesIn(output)])
  const ofInput = reader(memory, input)
  const pipes: Readonly<Record<string, Transfer>> = {
    fd_read: (fd, ...more) => (fd === 0 ? ofInput(fd, ...more) : (files['fd_read'] as Transfer)(fd, ...more)),
    fd_write: writer(memory, new Map([[1, output], [2, errors]]))
  }
  const imports = { ...wasi.wasiImport, ...files, ...pipes }
  const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: imports })
  const ended = ending(() => wasi.start(instance))
  return { ...ended, output: Buffer.concat(output).toString(), errors: Buffer.concat(errors).toString() }
}

/** How many requests are answered: each answer is one line. */
const linesIn = (output: ReadonlyArray<Buffer>): number =>
  output.reduce((sum, bytes) => sum + (bytes.at(-1) === LINE_FEED ? 1 : 0), 0)

const LINE_FEED = 10

const ending = (start: () => number): Pick<Ended, 'end' | 'code'> => {
  try {
    return { end: 'exit', code: start() }
  } catch (thrown) {
    return { end: thrown instanceof Error && /call stack/.test(thrown.message) ? 'stack' : 'crash', code: -1 }
  }
}

const BAD_DESCRIPTOR = 8

/** Serves the guest's reads of descriptor 0 from a buffer. */
const reader = (memory: () => ArrayBuffer, input: Buffer): Transfer => {
  let position = 0
  return (fd, vectors, count, total) => {
    if (fd !== 0) return BAD_DESCRIPTOR
    const from = position
    for (const room of spans(memory(), vectors, count)) position += input.copy(room, 0, position)
    new DataView(memory()).setUint32(total, position - from, true)
    return 0
  }
}

/** Collects what the guest writes to descriptors 1 and 2. */
const writer = (memory: () => ArrayBuffer, written: ReadonlyMap<number, Array<Buffer>>): Transfer =>
  (fd, vectors, count, total) => {
    const kept = written.get(fd)
    if (kept === undefined) return BAD_DESCRIPTOR
    const bytes = Buffer.concat(spans(memory(), vectors, count))
    kept.push(bytes)
    new DataView(memory()).setUint32(total, bytes.length, true)
    return 0
  }
