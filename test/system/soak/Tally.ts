/** What happened in a soak. `wrong` has to stay empty: leaks, invented exits, tasks that ran twice. */
export interface Tally {
  starts: number
  /** Starts that failed, by what was said of them; whatever kills a plugin or a containerd makes some. */
  readonly failures: Map<string, number>
  exits: number
  /** Exits of which it was said that nobody knows them. */
  unknown: number
  /** Tasks that could not be found again, and were started anew. */
  lost: number
  execs: number
  failedExecs: number
  samples: number
  pluginKills: number
  containerdKills: number
  readonly wrong: Array<string>
}

export const Tally = (): Tally => ({
  starts: 0, failures: new Map(), exits: 0, unknown: 0, lost: 0, execs: 0, failedExecs: 0, samples: 0, pluginKills: 0, containerdKills: 0, wrong: []
})

const MOST = 60

/** Counts a failed start by its first words, in which no id stands. */
export const failed = ({ failures }: Tally, details: string): void => {
  const kind = details.replace(/[0-9a-f]{8}[0-9a-f-]*/g, '…').replace(/\d+/g, '0').slice(0, MOST)
  failures.set(kind, (failures.get(kind) ?? 0) + 1)
}
