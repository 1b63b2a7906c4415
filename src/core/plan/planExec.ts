import { compact } from '../domain/canonical'
import { digestOf } from '../domain/digest'
import { Mark } from '../domain/mark'
import { Process } from '../domain/Oci'
import { marked, Plan, step } from './Plan'
import { Undo } from './Undo'

/** A command that runs beside a task's own process, in its container. */
export interface ExecRequest {
  readonly owner: string
  readonly mark?: Mark
  readonly container: string
  /** The name of the process in containerd, unique in its container (containerd-contract 2.6). */
  readonly exec: string
  /** The driver's own directory of the container. */
  readonly directory: string
  readonly command: ReadonlyArray<string>
  readonly terminal: boolean
  /** Whether it is given input; without, it reads the end of a file. */
  readonly input: boolean
}

/** What will be done, and the process behind the digest in it. `directory` is where its streams are. */
export interface Exec {
  readonly plan: Plan
  readonly process: Process
  readonly directory: string
}

/**
 * Runs a command as the process that containerd stored of the container: its user, directory, environment,
 * capabilities, limits, labels and no_new_privileges. Only the arguments and the terminal are others. The filter of
 * system calls and the cgroup are the container's, and need not be said again.
 */
export const planExec = (stored: Process, request: ExecRequest): Exec => {
  const { owner, container, exec, command, terminal } = request
  const process = processOf(stored, request)
  const directory = streamsOf(request)
  const names = [...(request.input ? ['stdin'] : []), 'stdout', ...(terminal ? [] : ['stderr'])]
  const at = (name: string): string => (names.includes(name) ? `${directory}/${name}` : '')
  const plan = marked(Plan('exec', owner, [
    step({ _tag: 'MakeStreams', path: directory, names }, 'its bytes pass through named pipes of ours'),
    step({
      _tag: 'CreateExec', container, exec, process: digestOf(compact(process)),
      stdin: at('stdin'), stdout: at('stdout'), stderr: at('stderr'), terminal
    }, `the task's own process, with ${command[0] ?? ''} for its program`),
    step({ _tag: 'StartExec', container, exec }, `run ${command[0] ?? ''}`)
  ]), request.mark)
  return { plan, process, directory }
}

const processOf = ({ consoleSize: _size, ...stored }: Process, { command, terminal }: ExecRequest): Process =>
  ({ ...stored, args: command, terminal, env: terminal ? withTerminal(stored.env) : stored.env })

/** Programs on a terminal ask for its kind; what docker says is said where the task says nothing. */
const withTerminal = (env: ReadonlyArray<string>): ReadonlyArray<string> =>
  env.some((one) => one.startsWith('TERM=')) ? env : [...env, 'TERM=xterm']

/** What the driver's own processes beside a task's are called. */
const NAME = /^exec-[0-9a-z]+-[0-9]+$/

/** A name for such a process: unique by the time, in milliseconds, and a number that no other of this driver has. */
export const execName = (nowMs: number, number: number): string => `exec-${nowMs.toString(36)}-${String(number)}`

export const isExecName = (name: string): boolean => NAME.test(name)

/** What takes a process back of which only the name is known. Its streams are below the directory of its container. */
export const undosOfExec = (of: Pick<ExecRequest, 'container' | 'exec' | 'directory'>): ReadonlyArray<Undo> => [
  { _tag: 'KillExec', container: of.container, exec: of.exec },
  { _tag: 'DeleteExec', container: of.container, exec: of.exec },
  { _tag: 'RemoveStreams', path: streamsOf(of) }
]

const streamsOf = ({ directory, exec }: Pick<ExecRequest, 'exec' | 'directory'>): string => `${directory}/${exec}`
