import { SIGKILL } from '../../../src/core/domain/Signal'
import { VirtualClock } from '../VirtualClock'

/** How a process ended: containerd's status, and whether the kernel killed it for want of memory. */
export interface Ended {
  readonly status: number
  readonly oomKilled: boolean
  /** How many processes it killed of it and of those below it. */
  readonly oomKills: number
  readonly atMs: number
}

/** The first process of a task, and those below it. */
export interface Process {
  readonly status: () => 'created' | 'running' | 'stopped'
  readonly ended: () => Ended | undefined
  /** How many processes the kernel killed of it and of those below it, for want of memory. */
  readonly oomKills: () => number
  readonly start: () => void
  readonly signal: (number: number) => void
  /** Ends it as SIGKILL does that nobody of ours sent. */
  readonly die: () => void
  /** The signals that it was sent, the oldest first. */
  readonly signals: () => ReadonlyArray<number>
  /** Resolves with the end, or with undefined when the signal fires. */
  readonly wait: (signal: AbortSignal) => Promise<Ended | undefined>
}

interface Program {
  readonly exit?: { readonly status: number; readonly afterMs: number }
  readonly oomAfterMs?: number
  readonly childOomsAfterMs: ReadonlyArray<number>
  readonly onSignal: 'end' | 'ignore' | { readonly status: number; readonly afterMs: number }
  /** How long it outlives SIGKILL: a process may hang in the kernel. */
  readonly dyingMs: number
}

const NUMBERS = /^(\d+)@(\d+)$/

/**
 * A program by its arguments: `exit=3@500` ends with 3 after 500 ms, `oom@500` is killed for want of memory then, `ignore` takes
 * no signal, `child-oom@500` loses a child that way, `handle=7@100` ends with 7 in 100 ms when it is sent one, `hang=40000` outlives SIGKILL that long.
 */
export const programOf = (args: ReadonlyArray<string>): Program =>
  args.reduce<Program>((made, word) => {
    const [name = '', value = ''] = word.split('=')
    const [, status = '0', ms = '0'] = NUMBERS.exec(value) ?? []
    if (name === 'exit') return { ...made, exit: { status: Number(status), afterMs: Number(ms) } }
    if (name === 'handle') return { ...made, onSignal: { status: Number(status), afterMs: Number(ms) } }
    if (name === 'ignore') return { ...made, onSignal: 'ignore' }
    if (name === 'hang') return { ...made, dyingMs: Number(value) }
    if (name.startsWith('child-oom@')) return { ...made, childOomsAfterMs: [...made.childOomsAfterMs, Number(word.slice('child-oom@'.length))] }
    return word.startsWith('oom@') ? { ...made, oomAfterMs: Number(word.slice('oom@'.length)) } : made
  }, { onSignal: 'end', dyingMs: 0, childOomsAfterMs: [] })

const SIGNALLED = 128
// What the kernel ignores unless a program asks for it: SIGCHLD, SIGCONT, SIGURG, SIGWINCH.
const HARMLESS: ReadonlyArray<number> = [17, 18, 23, 28]

export const Process = (clock: VirtualClock, program: Program): Process => {
  const over = new AbortController()
  const waiting = new Set<() => void>()
  let isStarted = false
  let end: Ended | undefined
  let oomKills = 0
  const endWith = (status: number, oomKilled = false): void => {
    if (end !== undefined) return
    end = { status, oomKilled, oomKills: oomKills + (oomKilled ? 1 : 0), atMs: clock.now() }
    over.abort()
    for (const wake of waiting) wake()
  }
  const later = (ms: number, act: () => void): void => {
    void clock.sleep(ms, over.signal).then(() => { if (!over.signal.aborted) act() })
  }
  const signals: Array<number> = []
  const dieBy = (number: number): void => {
    if (program.dyingMs === 0) endWith(SIGNALLED + number)
    else later(program.dyingMs, () => { endWith(SIGNALLED + number) })
  }
  const signal = (number: number): void => {
    if (end !== undefined) return
    signals.push(number)
    if (number === SIGKILL || !isStarted) {
      dieBy(number)
      return
    }
    const { onSignal } = program
    if (HARMLESS.includes(number) || onSignal === 'ignore') return
    if (onSignal === 'end') endWith(SIGNALLED + number)
    else later(onSignal.afterMs, () => { endWith(onSignal.status) })
  }
  return {
    status: () => (end !== undefined ? 'stopped' : isStarted ? 'running' : 'created'),
    ended: () => end,
    oomKills: () => end?.oomKills ?? oomKills,
    start: () => {
      isStarted = true
      const { exit, oomAfterMs, childOomsAfterMs } = program
      for (const ms of childOomsAfterMs) later(ms, () => { oomKills += 1 })
      if (exit !== undefined) later(exit.afterMs, () => { endWith(exit.status) })
      if (oomAfterMs !== undefined) later(oomAfterMs, () => { endWith(SIGNALLED + SIGKILL, true) })
    },
    signal,
    die: () => { endWith(SIGNALLED + SIGKILL) },
    signals: () => signals,
    wait: (until) => new Promise((resolve) => {
      const wake = (): void => {
        waiting.delete(wake)
        until.removeEventListener('abort', wake)
        resolve(end)
      }
      if (end !== undefined || until.aborted) { wake(); return }
      waiting.add(wake)
      until.addEventListener('abort', wake, { once: true })
    })
  }
}
