import { Failure } from '../core/domain/Failure'
import { Undo } from '../core/plan/Undo'
import { revertAll, workshopAt } from '../effects/ports/execute'
import { Learnt } from '../effects/ports/Learnt'
import { Place, Ports } from '../effects/ports/Ports'
import { FIRST_PAUSE_MS, longer } from './pauses'

/** Whose commands are taken away, and whether their task is over: then nothing of them can run any more. */
export interface Commands {
  readonly place: Place
  readonly owner: string
  readonly container: string
  /** Below which their pipes are; undefined where only the configuration can tell. */
  readonly stateDirectory: string | undefined
  readonly isOver: () => boolean
  /** What was asked about the container already. */
  readonly learnt?: Learnt
}

// What a task that is over still has to do is to forget its pipes.
const PATIENCE_MS = 60_000
// One call that hangs uses up that time alone.
const TRIES = 3

/** containerd comes back, or answers again; a shim that was killed is missed at the next look. */
export const isPassing = ({ _tag }: Failure): boolean => ['Unavailable', 'TimedOut', 'Unknown', 'Full'].includes(_tag)

/**
 * Takes commands away, with everything that was made for them. containerd may be away: what cannot be taken back now is
 * tried again as long as the task lives. What stays all the same is logged, and found when the task is recovered or
 * destroyed.
 */
export const takeAway = async (ports: Ports, of: Commands, undos: ReadonlyArray<Undo>): Promise<void> => {
  const { place, owner, container, isOver } = of
  const untilMs = ports.clock.now() + PATIENCE_MS
  for (let [tries, pauseMs] = [1, FIRST_PAUSE_MS]; ; [tries, pauseMs] = [tries + 1, longer(pauseMs)]) {
    const leftovers = await revertAll(workshopAt(ports, place), owner, undos, of.learnt)
    const failure = leftovers[0]?.failure
    if (failure === undefined) return
    if (!isPassing(failure) || (isOver() && tries >= TRIES && ports.clock.now() > untilMs)) {
      ports.log('warn', 'something of an exec is left', { container, detail: failure.detail })
      return
    }
    await ports.clock.sleep(pauseMs)
  }
}
