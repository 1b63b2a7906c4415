import { closeSync, openSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'

/** The part of WebAssembly's interface that is used here; Node's own types leave it out. */
declare const WebAssembly: {
  readonly compile: (bytes: Uint8Array) => Promise<object>
  readonly instantiate: (module: object, imports: object) => Promise<Instance>
}

type Instance = { readonly exports: { readonly memory: { readonly buffer: ArrayBuffer } } }
type Read = (fd: number, vectors: number, count: number, total: number) => number

/** What a guest program left behind: its exit code and all that it wrote. */
export type Ended = { readonly code: number; readonly output: string; readonly errors: string }

/** Runs a WASI program to its end; it sees the input, and no files, environment or clock of its own making. */
export const runGuest = async (program: Uint8Array, input: string): Promise<Ended> => {
  // The program runs once, for milliseconds: optimising it, or checking functions it never calls, costs more than it gains.
  for (const flag of ['--liftoff-only', '--wasm-lazy-validation']) setFlagsFromString(flag)
  const module = await WebAssembly.compile(program)
  const nothing = openSync('/dev/null', 'r+')
  try {
    return await finished(module, nothing, Buffer.from(input))
  } finally {
    closeSync(nothing)
  }
}

const finished = async (module: object, nothing: number, input: Buffer): Promise<Ended> => {
  const { WASI } = await quietly(() => import('node:wasi'))
  const wasi = new WASI({ version: 'preview1', returnOnExit: true, stdin: nothing, stdout: nothing, stderr: nothing })
  const written: ReadonlyMap<number, Buffer[]> = new Map([[1, []], [2, []]])
  const memory = (): DataView => new DataView(instance.exports.memory.buffer)
  const instance: Instance = await WebAssembly.instantiate(module, {
    wasi_snapshot_preview1: { ...wasi.wasiImport, fd_read: reader(memory, input), fd_write: writer(memory, written) },
  })
  const code = wasi.start(instance)
  const text = (fd: number): string => Buffer.concat(written.get(fd) ?? []).toString()
  return { code, output: text(1), errors: text(2) }
}

const BAD_FD = 8

/** Serves the guest's reads of descriptor 0 from a buffer. */
const reader = (memory: () => DataView, input: Buffer): Read => {
  let position = 0
  return (fd, vectors, count, total) => {
    if (fd !== 0) return BAD_FD
    const from = position
    for (const room of spans(memory(), vectors, count)) position += input.copy(room, 0, position)
    memory().setUint32(total, position - from, true)
    return 0
  }
}

/** Collects what the guest writes to descriptors 1 and 2. */
const writer = (memory: () => DataView, written: ReadonlyMap<number, Buffer[]>): Read => (fd, vectors, count, total) => {
  const kept = written.get(fd)
  if (kept === undefined) return BAD_FD
  const bytes = Buffer.concat(spans(memory(), vectors, count))
  kept.push(bytes)
  memory().setUint32(total, bytes.length, true)
  return 0
}

/** The pieces of the guest's memory that a list of WASI vectors (address and length) names. */
const spans = (memory: DataView, vectors: number, count: number): ReadonlyArray<Buffer> =>
  Array.from({ length: count }, (_, index) => {
    const at = vectors + 8 * index
    return Buffer.from(memory.buffer as ArrayBuffer, memory.getUint32(at, true), memory.getUint32(at + 4, true))
  })

/** Loads something without Node's notice, given at that moment, that its WASI is experimental. */
const quietly = async <A>(load: () => Promise<A>): Promise<A> => {
  const emit = process.emitWarning
  process.emitWarning = (warning: string | Error, ...rest: readonly unknown[]): void => {
    if (rest[0] !== 'ExperimentalWarning') Reflect.apply(emit, process, [warning, ...rest])
  }
  try {
    return await load()
  } finally {
    process.emitWarning = emit
  }
}
