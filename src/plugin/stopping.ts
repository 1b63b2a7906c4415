import { status } from '@grpc/grpc-js'

import { numberOf } from '../core/domain/Signal'
import { Duration } from '../generated/google/protobuf/duration'
import { Refusal } from './Refusal'

/** The number of a signal that Nomad names. */
export const signalNumber = (name: string): number => {
  const number = numberOf(name)
  if (number === undefined) {
    throw new Refusal(status.INVALID_ARGUMENT,
      `failed to parse signal: invalid signal ${JSON.stringify(name)} - use a name such as SIGTERM, SIGHUP or SIGUSR1`)
  }
  return number
}

export const toMs = (duration: Duration | undefined): number =>
  duration === undefined ? 0 : Number(duration.seconds) * 1000 + duration.nanos / 1e6
