import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { jsonIn } from '../core/domain/jsonIn'
import { undos } from '../core/plan/Undo'

const network = t.type({ ip: t.string, portMap: t.record(t.string, t.number), autoAdvertise: t.boolean })

/**
 * The network that the driver made for a task: its address, the ports in it by their labels, and whether services
 * without a word of it are found there.
 */
export type DriverNetwork = t.TypeOf<typeof network>

const VERSION = 1

const always = t.type({
  version: t.literal(VERSION),
  containerId: t.string,
  address: t.string,
  namespace: t.string,
  stopSignal: t.number,
  startedAtMs: t.number,
  undos
})

// The plugin option `state_dir` may be another when the task is found again. Handles of earlier versions have none.
const later = t.partial({ stateDirectory: t.string, network })

const codec = t.intersection([always, later])

/**
 * What Nomad keeps for us of a running task (`driver_state`): all that is needed to find it again and to take it back.
 */
export type Handle = t.TypeOf<typeof codec>

export const encode = (handle: Handle): string => JSON.stringify(handle)

/** Why a handle is of no use: what this version reads, and what was there where it said so. */
export interface Unread {
  readonly reads: number
  readonly version: number | undefined
}

const versioned = t.type({ version: t.number })

/** A handle from its text. Left when it is none of ours, is broken, or is of a version that this one does not know. */
export const decode = (text: string): E.Either<Unread, Handle> => {
  const json = jsonIn(text)
  const outcome = codec.decode(json)
  if (E.isRight(outcome)) return outcome
  const other = versioned.decode(json)
  const version = E.isRight(other) && other.right.version !== VERSION ? other.right.version : undefined
  return E.left({ reads: VERSION, version })
}
