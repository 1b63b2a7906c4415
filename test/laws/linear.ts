import { Growing } from './growing'

const TIMES = 10

const now = (): number => Number(process.hrtime.bigint()) / 1e6

const timed = (act: () => unknown, rounds: number): number => {
  const before = now()
  for (let index = 0; index < rounds; index += 1) act()
  return now() - before
}

/** What ten times the size costs. */
export interface Growth {
  readonly name: string
  /** How often the cost of a tenth: 10 is linear, 100 is quadratic. */
  readonly times: number
  /** Milliseconds of the whole. */
  readonly ms: number
}

/** Another program only ever makes a run longer, so the best of some counts. The small one runs ten times, so that both take as long. */
export const growthOf = ({ name, most, of }: Growing, runs: number): Growth => {
  const [large, small] = [of(most), of(Math.floor(most / TIMES))]
  let [whole, tenth] = [Infinity, Infinity]
  for (let run = 0; run < runs; run += 1) {
    tenth = Math.min(tenth, timed(small, TIMES) / TIMES)
    whole = Math.min(whole, timed(large, 1))
  }
  return { name, times: whole / tenth, ms: whole }
}

// Far from 10 and from 100. What is over in a moment harms nobody, and cannot be measured.
export const BOUND = 40
export const MOMENT_MS = 4

/** The growths that are not linear; a bad one is measured again, more often, before it counts. */
export const notLinear = (all: ReadonlyArray<Growing>): ReadonlyArray<Growth> =>
  all.flatMap((growing) => {
    if (timed(growing.of(growing.most), 1) < MOMENT_MS) return []
    for (const runs of [1, 3, 10]) {
      const growth = growthOf(growing, runs)
      if (growth.ms < MOMENT_MS || growth.times <= BOUND) return []
      if (runs === 10) return [growth]
    }
    return []
  })
