import { Exit } from '../core/watch/exitOf'
import { Clock } from '../effects/ports/Clock'
import { Events } from './Events'
import { Seldom } from './Seldom'

/** What the owner of a task is told of it once it runs. */
export interface Telling {
  /** How many processes of it the kernel has killed until now for want of memory, where somebody can tell. */
  readonly kills: (count: number | undefined) => void
  readonly ended: (exit: Exit) => void
  /** containerd does not answer, or does again. */
  readonly gone: () => void
  readonly back: () => void
}

/** Where nobody listens. */
export const mute: Telling = {
  kills: () => undefined, ended: () => undefined, gone: () => undefined, back: () => undefined
}

/** A task by Nomad's id and its name. Of one that was found again nobody knows what was told before. */
export interface Told {
  readonly id: string
  readonly name: string
  readonly isFound: boolean
}

const FIRST_PAUSE_MS = 60_000

type Say = (message: string, annotations: Readonly<Record<string, string>>) => void

/** Tells it in events of the task, each of them seldom however often it happens. */
export const Telling = (events: Events, clock: Clock, { id, name, isFound }: Told): Telling => {
  const say: Say = (message, annotations) => {
    // Nomad's ids of tasks begin with their allocation.
    events.emit({ taskId: id, allocId: id.split('/')[0] ?? '', taskName: name, message, annotations })
  }
  return { ...Kills(clock, say, isFound), ...Absence(clock, say) }
}

const MOMENT_MS = 1000
const WAY_OUT = 'To give it more, raise memory or memory_max in its resources'

/**
 * The exit of the task itself is what counts, and says nothing of its children. The kernel counts a kill before anybody
 * hears of an end: whether it was a child is known a moment later.
 */
const Kills = (clock: Clock, say: Say, isFound: boolean): Pick<Telling, 'kills' | 'ended'> => {
  const isDue = Seldom(clock, FIRST_PAUSE_MS, true)
  const state = { known: isFound ? undefined : 0, told: 0, isOver: false, isWaiting: false }
  const tell = (count: number, so: string): void => {
    if (count > 0) say(`${childrenText(count)}; ${so}. ${WAY_OUT}`, { oom_kills: String(count) })
  }
  const look = async (): Promise<void> => {
    await clock.sleep(MOMENT_MS)
    state.isWaiting = false
    const { known = 0, told, isOver } = state
    if (isOver || !isDue()) return
    state.told = known
    tell(known - told, 'the task goes on')
  }
  return {
    kills: (count) => {
      if (count === undefined) return
      if (state.known === undefined) state.told = count
      state.known = count
      if (count <= state.told || state.isWaiting) return
      state.isWaiting = true
      void look()
    },
    ended: ({ oomKills, oomKilled, code }) => {
      state.isOver = true
      if (oomKilled) say(`${OUT}: the kernel killed this task (OOM). ${WAY_OUT}`, { oom_kills: String(oomKills) })
      else tell(oomKills - state.told, `the task itself ended with exit code ${String(code)}`)
    }
  }
}

const OUT = 'Out of memory'

const childrenText = (count: number): string =>
  `${OUT}: the kernel killed ${count === 1 ? 'a child' : `${String(count)} children`} of this task (OOM)`

/** That containerd is back is told where it was told that it had gone. */
const Absence = (clock: Clock, say: Say): Pick<Telling, 'gone' | 'back'> => {
  const isDue = Seldom(clock, FIRST_PAUSE_MS, true)
  const state: { isAway: boolean; sinceMs: number | undefined } = { isAway: false, sinceMs: undefined }
  return {
    gone: () => {
      if (state.isAway) return
      state.isAway = true
      if (!isDue()) return
      state.sinceMs = clock.now()
      say('containerd does not answer; the task goes on without it, and is watched again once it does', {})
    },
    back: () => {
      const { isAway, sinceMs } = state
      state.isAway = false
      state.sinceMs = undefined
      if (isAway && sinceMs !== undefined) say(`containerd answers again, after ${forText(clock.now() - sinceMs)}`, {})
    }
  }
}

const forText = (ms: number): string => `${String(Math.max(1, Math.round(ms / 1000)))} s`
