const LONGEST_MS = 5000

/** How long is waited before a thing is tried again for the first time, in milliseconds. */
export const FIRST_PAUSE_MS = 100

/** The pause after one of `pauseMs`: twice as long, and never above five seconds. */
export const longer = (pauseMs: number): number => Math.min(pauseMs * 2, LONGEST_MS)
