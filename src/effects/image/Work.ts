import { Bounds } from '../../core/plan/fetching'
import { Containerd } from '../containerd/Containerd'
import { Claim } from './proof'

/**
 * Which image to unpack, for which platform (the host's when left out), where to, the lease that holds it, and how far
 * it may go.
 */
export interface Unpack extends Bounds {
  readonly name: string
  readonly platform?: string
  readonly snapshotter: string
  readonly lease: string
  /** Ends the unpacking; it never takes longer than `timeoutMs`. */
  readonly signal?: AbortSignal
}

/** An unpacking that is going on, and what ends it. */
export interface Work {
  readonly containerd: Containerd
  readonly what: Unpack
  readonly stop: AbortSignal
}

/** A layer as its image claims it, and the chain id of all below it. */
export interface Layer extends Claim {
  readonly parent: string
}

/** What unpacking a layer is called in a failure. */
export const doingOf = ({ what }: Work, { layer }: Pick<Layer, 'layer'>): string =>
  `unpack ${what.name}, layer ${layer.digest}`
