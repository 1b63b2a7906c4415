import { status } from '@grpc/grpc-js'
import { decode } from '@msgpack/msgpack'

import { Refusal } from './Refusal'

/** The plain values of a config that Nomad encoded with cty's msgpack. Nothing sent is an empty config. */
export const plain = (bytes: Uint8Array, what: string): unknown => {
  if (bytes.length === 0) return {}
  try {
    return decode(bytes)
  } catch (thrown) {
    throw new Refusal(status.INVALID_ARGUMENT, `${what}: cannot be decoded: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
}
