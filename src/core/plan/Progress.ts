/** How far a step has come: bytes of a pull. `ofBytes` is 0 while nobody knows how many there will be. */
export interface Progress {
  readonly step: string
  readonly bytes: number
  readonly ofBytes: number
}

/** Told to whoever watches a plan. */
export type Tell = (progress: Progress) => void
