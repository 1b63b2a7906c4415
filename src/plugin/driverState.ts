import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { undos } from '../core/plan/undoCodec'

const codec = t.type({
  version: t.literal(1),
  containerId: t.string,
  address: t.string,
  namespace: t.string,
  stopSignal: t.number,
  startedAtMs: t.number,
  undos
})

/** What Nomad keeps for us of a running task: all that is needed to find it again and to take it back. */
export type DriverState = t.TypeOf<typeof codec>

export const encode = (state: DriverState): Buffer => Buffer.from(JSON.stringify(state))

/** Undefined when the bytes are not ours, or of a version that this one does not know. */
export const decode = (bytes: Uint8Array): DriverState | undefined => {
  const outcome = codec.decode(parsed(Buffer.from(bytes).toString('utf8')))
  return E.isRight(outcome) ? outcome.right : undefined
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
