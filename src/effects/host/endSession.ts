import { Clock } from '../ports/Clock'
import { textOf } from './kernelFiles'
import { killNow } from './killNow'

const ROUNDS = 10

/**
 * Ends what is left of the session of a process: what it began and what did not leave it (setsid(2)). The runtime makes
 * every process a leader of its own session. Only processes that `inContainer` names are looked at, each right before
 * it is killed: a number that has become another process's meanwhile is in another session. Resolves to whether nothing
 * of the session was left in the end, a second later at most.
 */
export const endSession = async (
  leader: number, inContainer: () => Promise<ReadonlyArray<number>>, { sleep }: Pick<Clock, 'sleep'>
): Promise<boolean> => {
  if (leader <= 1) return true
  // One that forks while it is looked for is found the next time; one that was killed takes a moment to go.
  for (let round = 0; round < ROUNDS; round += 1) {
    if (round > 0) await sleep(2 ** (round - 1))
    let isLeft = false
    for (const pid of await inContainer()) {
      if (pid === leader || sessionOf(pid) !== leader) continue
      isLeft = true
      killNow(pid)
    }
    if (!isLeft) return true
  }
  return false
}

/** The session of a process; undefined when it is gone or has ended. */
const sessionOf = (pid: number): number | undefined => {
  const line = textOf(`/proc/${String(pid)}/stat`) ?? ''
  // The name of the program, in parentheses, may hold anything (proc_pid_stat(5)).
  const [state, , , session] = line.slice(line.lastIndexOf(')') + 2).split(' ')
  return state === undefined || session === undefined || 'ZX'.includes(state) ? undefined : Number(session)
}
