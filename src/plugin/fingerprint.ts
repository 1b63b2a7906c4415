import * as E from 'fp-ts/Either'

import { Health, healthOf, Sight } from '../core/watch/healthOf'
import { call } from '../effects/containerd/call'
import { runcVersion } from '../effects/runcVersion'
import { VersionResponse } from '../generated/containerd/version'
import { Attribute, FingerprintResponse, FingerprintResponse_HealthState as State } from '../generated/nomad/driver'
import { pause } from './handlers'
import { PluginState } from './PluginState'

const EVERY_MS = 30_000
const WHEN_DOWN_MS = 1000
const ANSWER_MS = 5000

/** Fingerprint: what containerd says of itself, at once and then every 30 seconds; every second while it is not there. */
export const fingerprint = async (
  state: PluginState, send: (response: FingerprintResponse) => void, cancelled: AbortSignal
): Promise<void> => {
  let seen = false
  let last = ''
  while (!cancelled.aborted) {
    const sight = await look(state)
    const health = healthOf(sight, seen)
    seen = seen || sight._tag === 'Answers'
    const text = JSON.stringify(health)
    if (text !== last || sight._tag === 'Answers') send(toResponse(health))
    last = text
    await pause(sight._tag === 'Silent' ? WHEN_DOWN_MS : EVERY_MS, cancelled)
  }
}

const look = async (state: PluginState): Promise<Sight> => {
  const { address, namespace, enabled } = state.configured().config
  if (!enabled) return { _tag: 'Disabled' }
  const containerd = state.containerd(address, namespace)
  const outcome = await call<object, VersionResponse>(containerd, 'ask containerd for its version',
    (q, m, o, done) => containerd.version.version(q, m, o, done), {}, { deadlineMs: ANSWER_MS })()
  if (E.isRight(outcome)) {
    const runc = await runcVersion()
    return { _tag: 'Answers', version: outcome.right.version, revision: outcome.right.revision, ...(runc === undefined ? {} : { runc }) }
  }
  return { _tag: 'Silent', address, detail: outcome.left._tag === 'Unavailable' ? 'connection refused or no such socket' : outcome.left.detail }
}

const STATES = { undetected: State.UNDETECTED, unhealthy: State.UNHEALTHY, healthy: State.HEALTHY } as const

const toResponse = ({ state, description, attributes }: Health): FingerprintResponse => ({
  attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, toAttribute(value)])),
  health: STATES[state],
  healthDescription: description,
  err: ''
})

const toAttribute = (value: string | boolean): Attribute => ({
  value: typeof value === 'string' ? { $case: 'stringVal', value } : { $case: 'boolVal', value },
  unit: ''
})
