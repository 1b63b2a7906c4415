import { Metadata, ServiceError, status } from '@grpc/grpc-js'

import { Failure, isRecoverable } from '../core/domain/Failure'
import { Issue } from '../core/domain/Issue'
import * as explain from '../core/report/explain'
import { RolledBack } from '../core/report/Report'
import { RecoverableError } from '../generated/nomad/driver'
import { Status } from '../generated/nomad/status'
import { log } from './log'

/** An error that an RPC answers: gRPC's code, a text for people, and whether Nomad may try again. */
export class Refusal extends Error {
  constructor(readonly code: status, message: string, readonly recoverable?: boolean) {
    super(message)
  }
}

// Nomad keeps the text with the task, and nobody reads more.
const MOST_TOLD = 100

/** A job that cannot run as it is written: Nomad does not try again. The first hundred mistakes are told. */
export const ofIssues = (issues: ReadonlyArray<Issue>): Refusal => {
  const more = issues.length > MOST_TOLD ? `and ${String(issues.length - MOST_TOLD)} more` : ''
  return new Refusal(status.INVALID_ARGUMENT, `${explain.issues(issues.slice(0, MOST_TOLD))}${more}`.trimEnd())
}

export const ofFailure = (failure: Failure): Refusal =>
  new Refusal(status.UNKNOWN, explain.failure(failure), isRecoverable(failure))

/** A plan that was taken back. Recoverable when its cause is. */
export const ofReport = (report: RolledBack): Refusal =>
  new Refusal(status.UNKNOWN, explain.report(report), isRecoverable(report.cause))

/** The task is not one of ours, in the words that Nomad's own drivers use. */
export const notFound = (): Refusal => new Refusal(status.NOT_FOUND, 'task not found for given id')

const RECOVERABLE = 'type.googleapis.com/hashicorp.nomad.plugins.shared.structs.RecoverableError'

/** What grpc-js sends for anything thrown in a handler. UNAVAILABLE is never among it: Nomad would wait for this process to die. */
export const toServiceError = (thrown: unknown): Pick<ServiceError, 'code' | 'details' | 'metadata'> => {
  if (!(thrown instanceof Refusal)) {
    log('error', 'a bug', { stack: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) })
    return { code: status.INTERNAL, details: 'internal error of containerd-driver; its log has the details', metadata: new Metadata() }
  }
  return thrown.recoverable === undefined
    ? { code: thrown.code, details: thrown.message, metadata: new Metadata() }
    : { code: status.FAILED_PRECONDITION, details: thrown.message, metadata: details(thrown.message, thrown.recoverable) }
}

// Nomad reads only the first detail, and gRPC drops all when the inner code is not the outer one.
const details = (message: string, recoverable: boolean): Metadata => {
  const value = Buffer.from(RecoverableError.encode({ recoverable }).finish())
  const encoded = Status.encode({ code: status.FAILED_PRECONDITION, message, details: [{ typeUrl: RECOVERABLE, value }] }).finish()
  const metadata = new Metadata()
  metadata.set('grpc-status-details-bin', Buffer.from(encoded))
  return metadata
}
