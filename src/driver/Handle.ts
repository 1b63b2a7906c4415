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

const always = t.type({
  version: t.literal(1),
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

/** Undefined when the text is not ours, or of a version that this one does not know. */
export const decode = (text: string): Handle | undefined => {
  const outcome = codec.decode(jsonIn(text))
  return E.isRight(outcome) ? outcome.right : undefined
}
