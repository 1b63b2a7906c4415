import { isJsonRecord } from '../domain/Json'
import { Side } from './place'

/**
 * With the filter, or all sets of capabilities, more is gone than their members: what the runtime does then is another
 * matter.
 */
export const isWhole = (place: string, before: Side, after: Side): boolean =>
  ONE_THING.includes(place) || ((isNothing(before) || isNothing(after)) && isToldWhole(place, before ?? after))

const isToldWhole = (place: string, value: Side): boolean =>
  place === 'spec/linux/seccomp' || place === 'spec/process/capabilities' || (BLOCK.test(place) && isJsonRecord(value))

/** Blocks of a job that are judged by all their options together. */
const ONE_THING = ['job/task/vault', 'job/task/csi_plugin', 'job/task/logs', 'job/group/ephemeral_disk']

/** Other blocks of a job are told by their options only where both sides have them. */
const BLOCK = /^job\/[a-z]+\/(?!(?:network|resources)$)[^/]+$/

/** A runtime, written in Go, reads null as if nothing were there. */
export const isNothing = (side: Side): boolean => side === undefined || side === null
