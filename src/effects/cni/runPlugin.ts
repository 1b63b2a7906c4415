import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { Readable, Writable } from 'node:stream'

import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { Failure } from '../../core/domain/Failure'
import { killNow } from '../host/killNow'
import { wayOut } from '../host/runProgram'
import { documentIn } from '../ports/documentIn'
import { Thrown } from '../ports/Thrown'

/** One call of a CNI plugin (CNI spec 1.1, section 2): `stdin` is its configuration. */
export interface Call {
  readonly command: 'ADD' | 'CHECK' | 'DEL' | 'GC' | 'STATUS' | 'VERSION'
  readonly type: string
  /** CNI_PATH. */
  readonly path: string
  readonly stdin: string
  readonly parameters?: {
    readonly container: string
    readonly netns: string
    readonly interface: string
    readonly args: Readonly<Record<string, string>>
  }
}

const SILENCE_MS = 60_000
const SILENCE = 'a minute'
const MOST_BYTES = 1024 * 1024

/**
 * Runs a plugin with a fixed environment, and for a minute at most: what it answered. Throws `Thrown` with its own
 * words, those of its stderr included. Whatever it refuses may be another time, so it is `Unavailable`.
 */
export const runPlugin = async (doing: string, call: Call): Promise<string> => {
  const program = findPlugin(call.type, call.path)
  if (program === undefined)
    throw new Thrown(Failure('NotFound', doing, `the CNI plugin ${call.type} is not in ${call.path}`))
  const { code, stdout, stderr } = await answered(doing, program, call)
  if (code === 0) return stdout
  throw new Thrown(Failure('Unavailable', doing, `${call.type} ${call.command}: ${said(stdout, stderr, code)}`))
}

/** The first executable file of that name in the directories of CNI_PATH. */
export const findPlugin = (type: string, path: string): string | undefined =>
  /^[^/\0]+$/.test(type) && !['.', '..'].includes(type)
    ? directoriesIn(path).map((directory) => `${directory}/${type}`).find(isExecutable)
    : undefined

/** The directories of CNI_PATH. */
export const directoriesIn = (path: string): ReadonlyArray<string> =>
  path.split(':').filter((directory) => directory.startsWith('/'))

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const environment = ({ command, path, parameters }: Call): NodeJS.ProcessEnv => ({
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  CNI_COMMAND: command,
  CNI_PATH: path,
  ...(parameters === undefined
    ? {}
    : {
        CNI_CONTAINERID: parameters.container,
        CNI_NETNS: parameters.netns,
        CNI_IFNAME: parameters.interface,
        CNI_ARGS: Object.entries(parameters.args).map((pair) => pair.join('=')).join(';')
      })
})

interface Ended {
  readonly code: number | NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program that may have children of its own: when its time is up, all of them end. */
const answered = (doing: string, program: string, call: Call): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, [], {
      env: environment(call), cwd: '/', stdio: ['pipe', 'pipe', 'pipe'], detached: true
    })
    const time = AbortSignal.timeout(SILENCE_MS)
    const end = (): void => { if (child.pid !== undefined) killNow(-child.pid) }
    time.addEventListener('abort', end)
    const over = (): void => { time.removeEventListener('abort', end) }
    child.on('error', (error) => {
      over()
      const why = [error.message, ...waysOut(error)].join('; ')
      reject(new Thrown(Failure('Unavailable', doing, `${program} cannot be run (${why})`)))
    })
    const stdout = collected(child.stdout, end)
    const stderr = collected(child.stderr, end)
    tell(child.stdin, call.stdin)
    child.on('close', (code, signal) => {
      over()
      if (time.aborted) reject(new Thrown(Failure('TimedOut', doing, `${program} has not answered for ${SILENCE}`)))
      else resolve({ code: code ?? signal, stdout: stdout(), stderr: stderr() })
    })
  })

const waysOut = (error: Error): ReadonlyArray<string> => [wayOut(error)].flatMap((way) => way ?? [])

/** A stream of a child. Without a descriptor left there is none, whatever the types say. */
type Stream<S> = S | null | undefined

const tell = (stdin: Stream<Writable>, text: string): void => {
  // Whoever does not read what it is told has its reasons, and its answer says them.
  stdin?.on('error', () => undefined)
  stdin?.end(text)
}

const collected = (stream: Stream<Readable>, tooMuch: () => void): (() => string) => {
  const chunks: Array<Buffer> = []
  let bytes = 0
  stream?.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MOST_BYTES) tooMuch()
    else chunks.push(chunk)
  })
  return () => Buffer.concat(chunks).toString('utf8')
}

const refusal = t.intersection([t.type({ msg: t.string }), t.partial({ code: t.number, details: t.string })])

/** What a plugin says of its failure (CNI spec, section 5, "Error"), and what it wrote beside. */
const said = (stdout: string, stderr: string, code: Ended['code']): string => {
  const told = E.chainW((value) => refusal.decode(value))(documentIn(Buffer.from(stdout)))
  const words = E.isRight(told)
    ? [told.right.msg, told.right.details ?? '']
    : [`ended with ${String(code)}`, stdout]
  return [...words, stderr].map((one) => one.trim()).filter((one) => one !== '').join('; ')
}
