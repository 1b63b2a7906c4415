/**
 * The signals that Nomad knows by name (nomad-contract: StopTask and SignalTask), with their Linux numbers on amd64 and
 * arm64.
 */
const NUMBERS: Readonly<Record<string, number>> = {
  SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGILL: 4, SIGTRAP: 5, SIGABRT: 6, SIGIOT: 6, SIGBUS: 7, SIGFPE: 8, SIGKILL: 9,
  SIGUSR1: 10, SIGSEGV: 11, SIGUSR2: 12, SIGPIPE: 13, SIGALRM: 14, SIGTERM: 15, SIGSTKFLT: 16, SIGCHLD: 17,
  SIGCONT: 18, SIGSTOP: 19, SIGTSTP: 20, SIGTTIN: 21, SIGTTOU: 22, SIGURG: 23, SIGXCPU: 24, SIGXFSZ: 25,
  SIGVTALRM: 26, SIGPROF: 27, SIGWINCH: 28, SIGIO: 29, SIGPWR: 30, SIGSYS: 31
}

const MAX_SIGNAL = 64
const RTMIN = 34
const RTMAX = 64

/**
 * The number of a signal written as Docker and Nomad write it: `SIGTERM`, `term`, `15`, `SIGRTMIN+3`. Undefined when
 * unknown.
 */
export const numberOf = (name: string): number | undefined => {
  if (/^\d{1,2}$/.test(name)) return inRange(Number(name))
  const upper = name.toUpperCase()
  const full = upper.startsWith('SIG') ? upper : `SIG${upper}`
  return Object.hasOwn(NUMBERS, full) ? NUMBERS[full] : realTime(full)
}

export const SIGTERM = 15
export const SIGKILL = 9

const inRange = (number: number): number | undefined => (number >= 1 && number <= MAX_SIGNAL ? number : undefined)

const realTime = (name: string): number | undefined => {
  const up = /^SIGRTMIN(?:\+(\d{1,2}))?$/.exec(name)
  if (up !== null) return between(RTMIN, RTMIN + Number(up[1] ?? 0))
  const down = /^SIGRTMAX(?:-(\d{1,2}))?$/.exec(name)
  return down === null ? undefined : between(RTMIN, RTMAX - Number(down[1] ?? 0))
}

const between = (low: number, number: number): number | undefined =>
  number >= low && number <= RTMAX ? number : undefined
