import { promises } from 'node:fs'

const SIGKILL = 'SIGKILL'
const ROUNDS = 10

/**
 * Ends what is left of the session of a process: what it began and what did not leave it (setsid(2)). The runtime makes
 * every process a leader of its own session. Only processes that `inContainer` names are looked at: nothing of the host
 * is ever touched.
 */
export const endSession = async (leader: number, inContainer: () => Promise<ReadonlyArray<number>>): Promise<void> => {
  if (leader <= 1) return
  // One that forks while it is looked for is found the next time.
  for (let round = 0; round < ROUNDS; round += 1) {
    const left: Array<number> = []
    for (const pid of await inContainer()) if (pid !== leader && (await sessionOf(pid)) === leader) left.push(pid)
    if (left.length === 0) return
    for (const pid of left) end(pid)
  }
}

/** The session of a process; undefined when it is gone or has ended. */
const sessionOf = async (pid: number): Promise<number | undefined> => {
  const line = await promises.readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => '')
  // The name of the program, in parentheses, may hold anything (proc_pid_stat(5)).
  const [state, , , session] = line.slice(line.lastIndexOf(')') + 2).split(' ')
  return state === undefined || session === undefined || 'ZX'.includes(state) ? undefined : Number(session)
}

const end = (pid: number): void => {
  try {
    process.kill(pid, SIGKILL)
  } catch {
    // It has ended meanwhile.
  }
}
