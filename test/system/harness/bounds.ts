import { Bounds } from '../../../src/core/plan/acts'

/** How far a pull or an unpack of a test may go, where the test is about something else. */
export const BOUNDS: Bounds = { timeoutMs: 60_000, maxLayers: 128, maxBytes: -1, parallel: 6 }
