import { status } from '@grpc/grpc-js'
import { decode } from '@msgpack/msgpack'

import { CONFIG_BYTES } from '../core/domain/ceilings'
import { Refusal } from './Refusal'

/** The plain values of a config that Nomad encoded with cty's msgpack. Nothing sent is an empty config. */
export const plain = (bytes: Uint8Array, what: string): unknown => {
  if (bytes.length === 0) return {}
  if (bytes.length > CONFIG_BYTES)
    throw new Refusal(
      status.INVALID_ARGUMENT,
      `${what}: has ${String(bytes.length)} bytes; at most ${String(CONFIG_BYTES)} are taken`
    )
  try {
    return decode(bytes)
  } catch (thrown) {
    throw new Refusal(
      status.INVALID_ARGUMENT,
      `${what}: cannot be decoded: ${thrown instanceof Error ? thrown.message : String(thrown)}`
    )
  }
}
