/** How a task ended, as Nomad wants to know it. */
export interface Exit {
  readonly code: number
  readonly signal: number
  readonly oomKilled: boolean
  readonly atMs: number
}

/** The status of a process of which nobody knows how it ended, as containerd's own client has it. */
export const UNKNOWN_EXIT = 255

const SIGNALLED = 128
const LAST_SIGNAL = 64

/**
 * An exit from the status that containerd reports: 0 to 255, 128 + n when signal n killed the process
 * (containerd-contract 2.3).
 */
export const exitOf = (status: number, oomKilled: boolean, atMs: number): Exit => ({
  code: status,
  signal: status > SIGNALLED && status <= SIGNALLED + LAST_SIGNAL ? status - SIGNALLED : 0,
  oomKilled,
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
    : { code: Number(code), signal: Number(signal), oomKilled: oomKilled === 'true', atMs: Number(atMs) }
}
