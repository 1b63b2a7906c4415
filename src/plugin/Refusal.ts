import { Metadata, ServiceError, status } from '@grpc/grpc-js'
import * as E from 'fp-ts/Either'

import { isRecoverable } from '../core/domain/Failure'
import { Issue } from '../core/domain/Issue'
import * as explain from '../core/report/explain'
import { Answer, Refused, refusedText } from '../driver/Refused'
import { Log } from '../effects/ports/Ports'
import { RecoverableError } from '../generated/nomad/driver'
import { Status } from '../generated/nomad/status'

/** An error that an RPC answers: gRPC's code, a text for people, and whether Nomad may try again. */
export class Refusal extends Error {
  constructor(readonly code: status, message: string, readonly recoverable?: boolean) {
    super(message)
  }
}

/** What the driver refused, as Nomad is to be told. */
export const refusalOf = (refused: Refused): Refusal => {
  const text = refusedText(refused)
  switch (refused._tag) {
    case 'Unfit':
      return new Refusal(status.INVALID_ARGUMENT, firstOf(refused.issues))
    case 'ForeignHandle': case 'NoCommand':
      return new Refusal(status.INVALID_ARGUMENT, text)
    case 'Failed':
      return new Refusal(status.UNKNOWN, text, isRecoverable(refused.failure))
    case 'NotFetched': case 'NotStarted':
      return new Refusal(status.UNKNOWN, text, isRecoverable(refused.report.cause))
    case 'LeftBehind':
      // A start that could not take back what was there before is tried again, and so is that.
      return new Refusal(status.UNKNOWN, text, true)
    case 'CannotRun':
      return new Refusal(status.UNKNOWN, text)
    case 'OutOfTime':
      return new Refusal(status.DEADLINE_EXCEEDED, text)
    case 'TooManyCommands':
      return new Refusal(status.RESOURCE_EXHAUSTED, text)
    case 'NotConfigured': case 'StillRuns': case 'IsEnding':
      return new Refusal(status.FAILED_PRECONDITION, text)
    case 'HasEnded':
      // Nomad asks for statistics again and again after any other error.
      return new Refusal(status.FAILED_PRECONDITION, text, false)
    case 'NoSuchTask': case 'Gone':
      return new Refusal(status.NOT_FOUND, text)
    case 'AlreadyStarted':
      return new Refusal(status.ALREADY_EXISTS, text)
  }
}

// Nomad keeps the text with the task, and nobody reads more.
const MOST_TOLD = 100

const firstOf = (issues: ReadonlyArray<Issue>): string => {
  const more = issues.length > MOST_TOLD ? `and ${String(issues.length - MOST_TOLD)} more` : ''
  return `${explain.issues(issues.slice(0, MOST_TOLD))}${more}`.trimEnd()
}

/** What was answered; a refusal is thrown, as every handler may. */
export const answered = <A>(answer: Answer<A>): A => {
  if (E.isLeft(answer)) throw refusalOf(answer.left)
  return answer.right
}

/** The empty message that an RPC answers once it is done. */
export const done = (answer: Answer<void>): object => {
  answered(answer)
  return {}
}

const RECOVERABLE = 'type.googleapis.com/hashicorp.nomad.plugins.shared.structs.RecoverableError'

type Told = Pick<ServiceError, 'code' | 'details' | 'metadata'>

/**
 * What grpc-js sends for anything thrown in a handler. UNAVAILABLE is never among it: Nomad would wait for this process
 * to die.
 */
export const toServiceError = (log: Log, thrown: unknown): Told => {
  if (!(thrown instanceof Refusal)) {
    log('error', 'a bug', { stack: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) })
    return {
      code: status.INTERNAL,
      details: 'internal error of containerd-driver; its log has the details',
      metadata: new Metadata()
    }
  }
  return thrown.recoverable === undefined
    ? { code: thrown.code, details: thrown.message, metadata: new Metadata() }
    : {
        code: status.FAILED_PRECONDITION,
        details: thrown.message,
        metadata: details(thrown.message, thrown.recoverable)
      }
}

// Nomad reads only the first detail, and gRPC drops all when the inner code is not the outer one.
const details = (message: string, recoverable: boolean): Metadata => {
  const value = Buffer.from(RecoverableError.encode({ recoverable }).finish())
  const encoded = Status.encode({
    code: status.FAILED_PRECONDITION,
    message,
    details: [{ typeUrl: RECOVERABLE, value }]
  }).finish()
  const metadata = new Metadata()
  metadata.set('grpc-status-details-bin', Buffer.from(encoded))
  return metadata
}
