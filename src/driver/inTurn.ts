import { Ports } from '../effects/ports/Ports'

/** What the last of several turns comes to. */
export interface Turns {
  last: Promise<void>
}

/** Begins once the turn before is over: a second agent may listen before the first is known to be gone. */
export const inTurn = (turns: Turns, log: Ports['log'], act: () => Promise<void>): Promise<void> => {
  const turn = turns.last.then(act).catch((thrown: unknown) => {
    log('error', 'a bug', { stack: thrown instanceof Error ? thrown.stack ?? thrown.message : '' })
  })
  turns.last = turn
  return turn
}
