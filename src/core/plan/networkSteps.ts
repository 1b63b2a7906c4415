import { NetworkPlan } from '../compile/Compiled'
import { compact } from '../domain/canonical'
import { NAMESPACE, NETWORK } from '../domain/labels'
import { labelled } from '../domain/longLabel'
import { StepId } from './Output'
import { Planned, step } from './Plan'

/**
 * The network before everything that may need its address: it is in place when the first process starts, and outlives
 * the last one, so that it is left as it was joined.
 */
export const joined = (network: NetworkPlan): ReadonlyArray<Planned> => {
  switch (network._tag) {
    case 'Cni':
      return [
        step({ _tag: 'MakeNamespace', path: network.attachment.netns }, 'a network of its own'),
        step({ _tag: 'JoinNetwork', ...network.attachment }, network.because),
        ...accepted(network)
      ]
    case 'Shared':
      return [
        step({ _tag: 'ShareNamespace', path: network.netns, of: network.of, withinMs: SHARE_MS }, network.because)
      ]
    case 'Host':
    case 'Join':
    case 'Isolated':
      return []
  }
}

type Own = Extract<NetworkPlan, { readonly _tag: 'Cni' }>

const accepted = ({ bridge, ports }: Own): ReadonlyArray<Planned> =>
  bridge === undefined || ports.length === 0
    ? []
    : [step({ _tag: 'AcceptForwarded', ...bridge }, 'published ports are reached where a firewall forwards nothing')]

// Nomad starts the tasks of a group together.
const SHARE_MS = 10_000

/** What of a network the container record has to tell, when only that is known. */
export const networkLabels = (network: NetworkPlan): Readonly<Record<string, string>> => {
  if (network._tag === 'Shared') return { [NAMESPACE]: network.netns }
  return network._tag === 'Cni' ? labelled(NETWORK, compact(network.attachment)) : {}
}

/** The one of these steps that answers where the container is found. */
export const networkStep = (steps: ReadonlyArray<Planned>): StepId | undefined =>
  steps.find(({ act }) => act._tag === 'JoinNetwork' || act._tag === 'ShareNamespace')?.id
