import { missingFixes } from '../domain/runc'

/** What was seen of containerd, and the version of the runc on PATH. */
export type Sight =
  | { readonly _tag: 'Disabled' }
  | { readonly _tag: 'Answers'; readonly version: string; readonly revision: string; readonly runc?: string }
  | { readonly _tag: 'Silent'; readonly address: string; readonly detail: string }

/** A fingerprint: the description is stable, because every change of it makes a node event. */
export interface Health {
  readonly state: 'undetected' | 'unhealthy' | 'healthy'
  readonly description: string
  readonly attributes: Readonly<Record<string, string | boolean>>
}

const NAME = 'driver.containerd-driver'

const WAY_OUT = 'start it, or set the plugin option `address`'

/** The health of the driver. A containerd that was never seen is undetected; one that went away is unhealthy. */
export const healthOf = (sight: Sight, seenBefore: boolean): Health => {
  switch (sight._tag) {
    case 'Disabled':
      return { state: 'undetected', description: 'disabled by the plugin option `enabled`', attributes: {} }
    case 'Silent':
      return {
        state: seenBefore ? 'unhealthy' : 'undetected',
        description: `containerd does not answer at ${sight.address} (${sight.detail}); ${WAY_OUT}`,
        attributes: {}
      }
    case 'Answers':
      return {
        state: 'healthy',
        description: 'Healthy',
        attributes: {
          [NAME]: true,
          [`${NAME}.containerd_version`]: sight.version,
          [`${NAME}.containerd_revision`]: sight.revision,
          ...(sight.runc === undefined ? {} : runcAttributes(sight.runc))
        }
      }
  }
}

/**
 * The version, and the vulnerabilities that it has by its number: a job can ask for a node without one (`constraint`).
 */
const runcAttributes = (version: string): Health['attributes'] => {
  const missing = missingFixes(version).map(({ cve }) => cve)
  return {
    [`${NAME}.runc_version`]: version,
    ...(missing.length === 0 ? {} : { [`${NAME}.runc_missing_fixes`]: missing.join(',') })
  }
}
