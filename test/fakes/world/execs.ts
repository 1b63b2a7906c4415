import { setMaxListeners } from 'node:events'

import * as E from 'fp-ts/Either'

import { compact } from '../../../src/core/domain/canonical'
import { digestOf } from '../../../src/core/domain/digest'
import { Failure } from '../../../src/core/domain/Failure'
import { Process as OciProcess } from '../../../src/core/domain/Oci'
import { SIGKILL } from '../../../src/core/domain/Signal'
import { Exit, exitOf } from '../../../src/core/watch/exitOf'
import { Performing, Reverting } from '../../../src/effects/ports/Machine'
import { Streams } from '../../../src/effects/ports/Streams'
import { endOf, within30 } from './ending'
import { Act, done, Outcome, wrong } from './Outcome'
import { Pipe } from './Pipe'
import { Process, programOf } from './Process'
import { State, taskOf } from './State'

/** A process beside a task's own. */
export interface ExecState {
  readonly owner: string
  readonly args: ReadonlyArray<string>
  readonly io: Pick<Act<'CreateExec'>, 'stdin' | 'stdout' | 'stderr' | 'terminal'>
  readonly process: Process
  size: string
  inputIsClosed: boolean
}

/** The named pipes of one such process. */
export interface PipesState {
  readonly owner: string
  readonly names: ReadonlyArray<string>
  readonly stdout: Pipe
  readonly stderr: Pipe
  readonly input: Array<number>
}

const NO_RIGHTS: OciProcess = {
  args: [], env: ['PATH=/bin'], cwd: '/', terminal: false, user: { uid: 0, gid: 0, additionalGids: [] },
  capabilities: { bounding: [], effective: [], permitted: [] }, rlimits: [], noNewPrivileges: true
}

/** The commands of a container, by their names in the state. */
export const execsOf = ({ execs }: State, container: string): ReadonlyArray<readonly [string, ExecState]> =>
  [...execs].filter(([name]) => name.startsWith(`${container} `))

const key = ({ container, exec }: { readonly container: string; readonly exec: string }): string => `${container} ${exec}`

export const processOf = ({ containers }: State, container: string, owner: string): OciProcess | undefined => {
  const record = containers.get(container)
  return record?.owner !== owner ? undefined : { ...NO_RIGHTS, args: record.args }
}

export const makeStreams = (state: State, { path, names }: Act<'MakeStreams'>, { owner }: Performing): Outcome => {
  if (state.streams.has(path)) return wrong('AlreadyExists', `make the pipes in ${path}`, 'the directory is there already')
  state.streams.set(path, { owner, names, stdout: Pipe(), stderr: Pipe(), input: [] })
  return done
}

export const openStreams = (state: State, directory: string): E.Either<Failure, Streams> => {
  const found = state.streams.get(directory)
  if (found === undefined) return E.left(Failure('NotFound', `open the pipes in ${directory}`, 'they are not there'))
  state.readers.add(directory)
  return E.right({
    stdout: found.stdout.bytes(),
    stderr: found.stderr.bytes(),
    write: (bytes) => { found.input.push(...bytes); return Promise.resolve() },
    endInput: () => Promise.resolve(),
    close: () => { found.stdout.end(); found.stderr.end(); state.readers.delete(directory) }
  })
}

export const createExec = (state: State, act: Act<'CreateExec'>, { owner, materials: { process } }: Performing): Outcome => {
  const doing = `create ${act.exec} in ${act.container}`
  const task = taskOf(state, act.container)
  if (process === undefined || digestOf(compact(process)) !== act.process) return wrong('Invalid', doing, 'the plan was run without the process that it names')
  if (state.containers.get(act.container)?.owner !== owner) return wrong('Denied', doing, "the container is gone, or another's")
  if (task === undefined) return wrong('NotFound', doing, 'task not found')
  if (task.process.status() === 'stopped') return wrong('Unknown', doing, 'cannot exec in a stopped state')
  if (state.execs.has(key(act))) return done
  const { stdin, stdout, stderr, terminal } = act
  const io = { stdin, stdout, stderr, terminal }
  state.execs.set(key(act), { owner, args: process.args, io, process: Process(state.clock, programOf(process.args)), size: '', inputIsClosed: false })
  return done
}

const directoryOf = ({ io: { stdout } }: ExecState): string => stdout.slice(0, stdout.lastIndexOf('/'))

export const resizeExec = (state: State, act: Act<'ResizeExec'>): Outcome => {
  const found = state.execs.get(key(act))
  if (found !== undefined) found.size = `${String(act.width)} × ${String(act.height)}`
  return done
}

export const closeInput = (state: State, act: Act<'CloseInput'>): Outcome => {
  const found = state.execs.get(key(act))
  if (found !== undefined) found.inputIsClosed = true
  return done
}

const never = new AbortController().signal
setMaxListeners(0, never)

export const startExec = (state: State, act: Act<'StartExec'>): Outcome => {
  const doing = `start ${act.exec} in ${act.container}`
  const [found, task] = [state.execs.get(key(act)), taskOf(state, act.container)]
  if (found === undefined || task === undefined) return wrong('NotFound', doing, 'not found')
  if (found.io.stdout !== '' && !state.readers.has(directoryOf(found))) return wrong('TimedOut', doing, 'nobody reads its output')
  if (found.args.includes('no-such-program')) return wrong('Unknown', doing, 'exec: "no-such-program": executable file not found in $PATH')
  const pipes = state.streams.get(directoryOf(found))
  state.ran.push(found)
  found.process.start()
  for (const word of found.args) {
    if (word.startsWith('print=')) pipes?.stdout.push(word.slice('print='.length))
    if (word.startsWith('complain=')) pipes?.stderr.push(word.slice('complain='.length))
  }
  void task.process.wait(never).then(() => { found.process.signal(SIGKILL) })
  // Something that it began may have its output: `keep`.
  if (!found.args.includes('keep')) void found.process.wait(never).then(() => { pipes?.stdout.end(); pipes?.stderr.end() })
  return done
}

export const execExit = async (state: State, container: string, exec: string, signal: AbortSignal): Promise<E.Either<Failure, Exit>> => {
  const found = state.execs.get(key({ container, exec }))
  const task = taskOf(state, container)
  if (found === undefined || task === undefined) return E.left(Failure('NotFound', `wait for ${exec}`, 'not found'))
  return E.map(({ status, atMs }: { readonly status: number; readonly atMs: number }) => exitOf(status, 0, atMs))(
    await endOf(state, task, found.process, `wait for ${exec}`, signal))
}

export const killExec = async (
  state: State, of: { readonly container: string; readonly exec: string }, { owner, signal }: Reverting
): Promise<E.Either<Failure, void>> => {
  const found = state.execs.get(key(of))
  const task = taskOf(state, of.container)
  if (found?.owner !== owner || task === undefined || task.shim.signal.aborted || found.process.status() !== 'running') return E.right(undefined)
  found.process.signal(SIGKILL)
  return within30(state, task, found.process, `kill ${of.exec}`, signal)
}

export const deleteExec = (state: State, of: { readonly container: string; readonly exec: string }, owner: string): E.Either<Failure, void> => {
  const found = state.execs.get(key(of))
  if (found?.owner !== owner) return E.right(undefined)
  if (taskOf(state, of.container) !== undefined && found.process.status() === 'running') return E.left(Failure('Unknown', `delete ${of.exec}`, 'cannot delete a running process'))
  state.execs.delete(key(of))
  return E.right(undefined)
}

/** Names below the directory of a container. */
export const namesIn = ({ streams }: State, directory: string): ReadonlyArray<string> =>
  [...streams.keys()].filter((path) => path.startsWith(`${directory}/`)).map((path) => path.slice(directory.length + 1))
