/** One promise of a spec that was not kept. */
export interface Breach {
  readonly at: string
  readonly promised: string
  readonly seen: string
}

export type Breaches = ReadonlyArray<Breach>

const shown = (value: unknown): string =>
  value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value)

/** A breach unless both are the same. */
export const same = (at: string, promised: unknown, seen: unknown): Breaches =>
  shown(promised) === shown(seen) ? [] : [{ at, promised: shown(promised), seen: shown(seen) }]

/** A breach unless what is promised was seen to hold. */
export const holds = (at: string, promised: string, kept: boolean, seen: unknown): Breaches =>
  kept ? [] : [{ at, promised, seen: shown(seen) }]

/** Judged only where something is promised. */
export const given = <A>(promised: A | undefined, judge: (value: A) => Breaches): Breaches => (promised === undefined ? [] : judge(promised))

/** One line for people. */
export const render = ({ at, promised, seen }: Breach): string => `${at}: promised ${promised}, seen ${seen}`
