import { Health } from '../core/watch/healthOf'
import { Attribute, FingerprintResponse, FingerprintResponse_HealthState as State } from '../generated/nomad/driver'

const STATES = { undetected: State.UNDETECTED, unhealthy: State.UNHEALTHY, healthy: State.HEALTHY } as const

/** The health of the driver as Nomad reads it. */
export const toFingerprint = ({ state, description, attributes }: Health): FingerprintResponse => ({
  attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, toAttribute(value)])),
  health: STATES[state],
  healthDescription: description,
  err: ''
})

const toAttribute = (value: string | boolean): Attribute => ({
  value: typeof value === 'string' ? { $case: 'stringVal', value } : { $case: 'boolVal', value },
  unit: ''
})
