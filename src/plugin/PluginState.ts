import { status } from '@grpc/grpc-js'

import { PluginConfig } from '../core/decode/PluginConfig'
import { connect, Containerd } from '../effects/containerd/Containerd'
import { SeenRoots } from '../effects/image/seenRoot'
import { Events } from './Events'
import { Refusal } from './Refusal'
import { TaskRecord } from './TaskRecord'

/** The operator's configuration, as it came and as it was decoded. */
interface Configured {
  readonly document: unknown
  readonly config: PluginConfig
  readonly mhzPerCore: number | undefined
}

/** The only mutable state of the process, and nothing in it that cannot be lost. */
export interface PluginState {
  readonly tasks: Map<string, TaskRecord>
  readonly starting: Set<string>
  readonly accounts: SeenRoots
  readonly events: Events
  readonly configure: (document: unknown, config: PluginConfig, mhzPerCore: number | undefined) => void
  /** The configuration; refused while there is none. */
  readonly configured: () => Configured
  /** The connection to a containerd; one for each socket and namespace. */
  readonly containerd: (address: string, namespace: string) => Containerd
}

export const PluginState = (): PluginState => {
  const connections = new Map<string, Containerd>()
  let current: Configured | undefined
  return {
    tasks: new Map(),
    starting: new Set(),
    accounts: new Map(),
    events: Events(),
    configure: (document, config, mhzPerCore) => {
      current = { document, config, mhzPerCore: mhzPerCore ?? current?.mhzPerCore }
    },
    configured: () => {
      if (current === undefined) {
        throw new Refusal(status.FAILED_PRECONDITION, 'Nomad has sent no configuration for this plugin yet')
      }
      return current
    },
    containerd: (address, namespace) => {
      const key = `${address} ${namespace}`
      const made = connections.get(key) ?? connect(address, namespace)
      connections.set(key, made)
      return made
    }
  }
}
