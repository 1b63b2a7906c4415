import { ServiceError, status } from '@grpc/grpc-js'

import { Failure, FailureTag } from '../../core/domain/Failure'

/** An answer of containerd as a Failure. The only place that knows gRPC's codes. */
export const toFailure = (doing: string, address: string, error: ServiceError): Failure => {
  const tag = isFull(error) ? 'Full' : tagOf(error.code)
  return tag === 'Unavailable'
    ? Failure(
        tag,
        doing,
        `containerd does not answer at ${address} (${reachable(error.details)}); start it, or set the plugin option \`address\``
      )
    : Failure(tag, doing, plain(error.details))
}

// gRPC has no code for it: containerd hands on the kernel's own words (strerror(3) of ENOSPC and EDQUOT).
const FULL = /no space left on device|disk quota exceeded/i

const isFull = ({ code, details }: ServiceError): boolean => tagOf(code) === 'Unknown' && FULL.test(details)

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such socket', ECONNREFUSED: 'nothing listens there', EACCES: 'permission denied'
}

/** Why a socket does not answer, out of gRPC's long words for it. */
const reachable = (details: string): string => REASONS[/connect (E[A-Z]+)/.exec(details)?.[1] ?? ''] ?? plain(details)

const tagOf = (code: status): FailureTag => {
  switch (code) {
    case status.NOT_FOUND:
      return 'NotFound'
    case status.ALREADY_EXISTS:
      return 'AlreadyExists'
    case status.PERMISSION_DENIED:
    case status.UNAUTHENTICATED:
      return 'Denied'
    case status.UNAVAILABLE:
    case status.CANCELLED:
      return 'Unavailable'
    case status.DEADLINE_EXCEEDED:
      return 'TimedOut'
    case status.INVALID_ARGUMENT:
    case status.FAILED_PRECONDITION:
    case status.OUT_OF_RANGE:
    case status.UNIMPLEMENTED:
      return 'Invalid'
    case status.OK:
    case status.UNKNOWN:
    case status.RESOURCE_EXHAUSTED:
    case status.ABORTED:
    case status.INTERNAL:
    case status.DATA_LOSS:
      return 'Unknown'
  }
}

const NOISE = [
  /failed to create shim task: /,
  /OCI runtime (?:create|exec) failed: /,
  /(?:runc create|exec) failed: /,
  /unable to start container process: /,
  /: unknown$/
]

/** The words of the runtime, without the prefixes that every layer puts before them. */
const plain = (details: string): string => NOISE.reduce((text, noise) => text.replace(noise, ''), details)
