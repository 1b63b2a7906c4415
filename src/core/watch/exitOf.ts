/** How a task ended, as Nomad wants to know it. */
export interface Exit {
  readonly code: number
  readonly signal: number
  /** Whether the task's own process was killed by the kernel for want of memory. */
  readonly oomKilled: boolean
  /** How many processes of the task the kernel killed for want of memory; 0 where nobody can tell any more. */
  readonly oomKills: number
  readonly atMs: number
}

/** The status of a process of which nobody knows how it ended, as containerd's own client has it. */
export const UNKNOWN_EXIT = 255

const SIGNALLED = 128
const KILLED = 137
const LAST_SIGNAL = 64

/**
 * An exit from the status that containerd reports: 0 to 255, 128 + n when signal n killed the process
 * (containerd-contract 2.3). The kernel kills with signal 9: where it killed something, and the process ended another
 * way, it was one of its children.
 */
export const exitOf = (status: number, oomKills: number, atMs: number): Exit => ({
  code: status,
  signal: status > SIGNALLED && status <= SIGNALLED + LAST_SIGNAL ? status - SIGNALLED : 0,
  oomKilled: oomKills > 0 && status === KILLED,
  oomKills,
  atMs
})

/** An exit as a container label stores it. */
export const toLabel = ({ code, signal, oomKilled, atMs }: Exit): string =>
  JSON.stringify([code, signal, oomKilled, atMs])

/** An exit from its label; undefined when the label is not one of ours. */
export const fromLabel = (label: string): Exit | undefined => {
  const [, code, signal, oomKilled, atMs] = /^\[(\d+),(\d+),(true|false),(\d+)\]$/.exec(label) ?? []
  return code === undefined
    ? undefined
    : { ...told(oomKilled === 'true'), code: Number(code), signal: Number(signal), atMs: Number(atMs) }
}

const told = (oomKilled: boolean): Pick<Exit, 'oomKilled' | 'oomKills'> => ({ oomKilled, oomKills: oomKilled ? 1 : 0 })
