import { spawn } from 'node:child_process'
import { promises } from 'node:fs'

import { Failure } from '../../core/domain/Failure'
import { printable } from '../../core/domain/printable'
import { Descriptor } from '../../core/image/Descriptor'
import { killNow } from '../host/killNow'
import { wayOut } from '../host/runProgram'
import { within } from '../ports/Clock'
import { systemClock } from '../ports/systemClock'
import { Thrown } from '../ports/Thrown'

/** What a verifier is asked: the image by its name, and what that name stands for. */
export interface Question {
  readonly name: string
  readonly descriptor: Descriptor
}

/** How a verifier ended, and what it said, in one line that may be cut. */
export interface Verdict {
  readonly code: number | NodeJS.Signals
  readonly said: string
}

/** How long a verifier may take, what ends it before, and what is said of it when it could not answer. */
export interface Patience {
  readonly doing: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** The media type of what a verifier reads (image-spec, descriptor.md). */
const DESCRIPTOR = 'application/vnd.oci.descriptor.v1+json'

const MOST_BYTES = 32 * 1024
const TOLD_LETTERS = 1000
const LAST_WORDS_MS = 1000

/**
 * Runs one verifier as containerd does (docs/image-verification.md): name and digest are arguments, the descriptor is
 * its stdin, its stdout the reason. It gets PATH and HOME of this process and no other variable, and no login. What it
 * started ends with it. Throws `Thrown` where it cannot be run (Invalid), takes too long (TimedOut) or is stopped.
 */
export const askVerifier = async (
  program: string, question: Question, { doing, timeoutMs, signal }: Patience
): Promise<Verdict> => {
  const time = within(systemClock, timeoutMs, signal)
  try {
    if (!(await isProgram(program)))
      throw new Thrown(Failure('Invalid', doing, `verifier ${program} cannot be run: it is no program`))
    const verdict = await run(program, question, time.signal).catch((thrown: unknown) => {
      throw new Thrown(Failure('Invalid', doing, `verifier ${program} cannot be run: ${why(thrown)}`))
    })
    if (time.isUp())
      throw new Thrown(Failure('TimedOut', doing, `verifier ${program} has not answered for ${String(timeoutMs)} ms`))
    if (time.signal.aborted) throw new Thrown(Failure('Cancelled', doing, 'was stopped while it was verified'))
    return verdict
  } finally {
    time.end()
  }
}

// What the kernel cannot run a shell is given by execvp(3), and an empty script says yes.
const isProgram = async (file: string): Promise<boolean> => {
  try {
    const handle = await promises.open(file)
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
      const start = buffer.toString('latin1', 0, bytesRead)
      return ELF.test(start) || SCRIPT.test(start)
    } finally {
      await handle.close()
    }
  } catch {
    // Why it cannot be read is told by whoever runs it.
    return true
  }
}

// elf(5): class, order of bytes and version are numbers that a text has not; execve(2): a script names its interpreter.
const HEAD_BYTES = 256
const ELF = /^\u007fELF[\u0001\u0002][\u0001\u0002]\u0001/
const SCRIPT = /^#![ \t]*\/[^\s]/

const why = (thrown: unknown): string =>
  [thrown instanceof Error ? thrown.message : String(thrown), wayOut(thrown)].flatMap((one) => one ?? []).join('; ')

const argumentsOf = ({ name, descriptor: { digest } }: Question): ReadonlyArray<string> =>
  ['-name', name, '-digest', digest, '-stdin-media-type', DESCRIPTOR]

const run = (program: string, question: Question, signal: AbortSignal): Promise<Verdict> =>
  new Promise((settle, refuse) => {
    const { PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME = '/root' } = process.env
    // A group of its own: what it starts ends with it.
    const child = spawn(program, argumentsOf(question), {
      env: { PATH, HOME, LC_ALL: 'C' }, cwd: '/', stdio: ['pipe', 'pipe', 'ignore'], detached: true
    })
    const end = (): void => { if (child.pid !== undefined) killNow(-child.pid) }
    const said = saidBy(child.stdout)
    // One that ends without reading is told by how it ends.
    child.stdin.on('error', () => undefined)
    child.stdin.end(`${documentOf(question)}\n`)
    if (signal.aborted) end()
    signal.addEventListener('abort', end)
    child.on('error', (error) => {
      signal.removeEventListener('abort', end)
      refuse(error)
    })
    child.on('exit', (code, killedBy) => {
      signal.removeEventListener('abort', end)
      end()
      // What has left the group and holds its stdout is not waited for.
      const late = setTimeout(() => { child.stdout.destroy() }, LAST_WORDS_MS)
      child.on('close', () => {
        clearTimeout(late)
        settle({ code: code ?? killedBy ?? 1, said: said() })
      })
    })
  })

const documentOf = ({ descriptor: { mediaType, digest, size } }: Question): string =>
  JSON.stringify({ mediaType, digest, size })

const saidBy = (stdout: NodeJS.ReadableStream): (() => string) => {
  const chunks: Array<Buffer> = []
  let bytes = 0
  // All of it is read, so that nobody is stopped by a pipe that is full, and little of it kept.
  stdout.on('data', (chunk: Buffer) => {
    if (bytes < MOST_BYTES) chunks.push(chunk.subarray(0, MOST_BYTES - bytes))
    bytes += chunk.length
  })
  return () => {
    const text = printable(Buffer.concat(chunks).toString('utf8').trim().replace(/\s+/g, ' '))
    return text.length > TOLD_LETTERS ? `${text.slice(0, TOLD_LETTERS)}… (cut)` : text
  }
}
