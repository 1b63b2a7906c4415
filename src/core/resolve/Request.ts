import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import * as Allocation from '../decode/Allocation'
import * as PluginConfig from '../decode/PluginConfig'
import * as TaskConfig from '../decode/TaskConfig'
import { isNonEmpty, Issue, Issues, sorted } from '../domain/Issue'
import { Reference } from '../domain/Unknown'
import { Fields, TypeOf } from '../field/Field'
import { FieldsCodec, Parts } from '../field/fieldsCodec'
import { issuesOf } from '../field/mistake'
import { Policy, policyOf } from '../policy/Policy'
import { refusals } from '../policy/refusals'

/**
 * What is asked for: the job's config, the operator's config and Nomad's task message, decoded, defaults applied, and
 * the policy.
 */
export interface Request {
  readonly task: TaskConfig.TaskConfig
  readonly plugin: PluginConfig.PluginConfig
  readonly allocation: Allocation.Allocation
  readonly policy: Policy
}

/** The three documents as they came: plain values in the driver's types (task, plugin) and proto3 JSON (allocation). */
export interface Documents {
  readonly task: unknown
  readonly plugin: unknown
  readonly allocation: unknown
  /** What a client sends has no text that only a client can expand. */
  readonly unknown?: undefined
}

/** The documents that a job comes to without a client, and the texts in them that only a client can expand. */
export interface JobDocuments extends Omit<Documents, 'unknown'> {
  readonly unknown?: ReadonlyArray<Reference> | undefined
}

/** The documents of a job that says everything itself; Left names what only a client can expand. */
export const withoutUnknown = ({ unknown = [], ...documents }: JobDocuments): E.Either<Issues, Documents> => {
  const issues = unknown.map(({ at, name }) => Issue('BadValue', at, name, ONLY_ON_A_CLIENT, 'write a value there'))
  return isNonEmpty(issues) ? E.left(issues) : E.right(documents)
}

const ONLY_ON_A_CLIENT = 'is known only on a Nomad client, and has to be known to run the task'

/**
 * Decodes the three documents and applies the policy to all that decoded: every mistake and every refusal is told at
 * once.
 */
export const decode = (documents: Documents): E.Either<Issues, Request> => {
  const { issues, request } = examine(documents)
  // No errors: every option of each is there.
  return isNonEmpty(issues) ? E.left(issues) : E.right(request as Request)
}

/** Every mistake and every refusal, and what was asked for when it decodes, be it refused or not. */
export const examine = (
  documents: Documents
): { readonly issues: ReadonlyArray<Issue>; readonly request: Request | undefined } => {
  const task = parts('task', TaskConfig.codec, documents.task)
  const plugin = parts('plugin', PluginConfig.codec, documents.plugin)
  const allocation = parts('allocation', Allocation.codec, documents.allocation)
  const policy = policyOf(plugin.decoded)
  const refused = refusals({ task: task.decoded, plugin: plugin.decoded, allocation: whole(allocation), policy })
  const mistakes = [task, plugin, allocation].flatMap(({ errors }) => issuesOf(errors))
  return {
    issues: sorted([...mistakes, ...refused]),
    // Without mistakes every option of each is there.
    request:
      mistakes.length > 0
        ? undefined
        : ({ task: task.decoded, plugin: plugin.decoded, allocation: allocation.decoded, policy } as Request)
  }
}

const parts = <F extends Fields>(name: string, { partsOf }: FieldsCodec<F>, document: unknown): Parts<F> =>
  partsOf(document, [{ key: name, type: t.unknown }])

/** A message that decoded as a whole. */
const whole = <F extends Fields>({ errors, decoded }: Parts<F>): TypeOf<F> | undefined =>
  errors.length === 0 ? (decoded as TypeOf<F>) : undefined
