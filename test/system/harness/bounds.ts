import { Ahead, Asked, Bounds } from '../../../src/core/plan/fetching'

/** How far a pull or an unpack of a test may go, where the test is about something else. */
export const BOUNDS: Asked & Bounds & { readonly ahead: Ahead } = {
  ahead: { snapshotter: '', maxBytes: -1, parallel: 1 }, hosts: '', silenceMs: 60_000, timeoutMs: 60_000, maxLayers: 128, maxBytes: -1, parallel: 6 }
