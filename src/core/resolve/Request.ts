import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import * as Allocation from '../decode/Allocation'
import { Fields, TypeOf } from '../decode/Field'
import { issuesOf } from '../decode/mistake'
import * as PluginConfig from '../decode/PluginConfig'
import * as TaskConfig from '../decode/TaskConfig'
import { isNonEmpty, Issue, Issues, sorted } from '../domain/Issue'
import { policy } from './policy'

/** What is asked for: the job's config, the operator's config and Nomad's task message, decoded, defaults applied. */
export interface Request {
  readonly task: TaskConfig.TaskConfig
  readonly plugin: PluginConfig.PluginConfig
  readonly allocation: Allocation.Allocation
}

/** The three documents as they came: plain values in the driver's types (task, plugin) and proto3 JSON (allocation). */
export interface Documents {
  readonly task: unknown
  readonly plugin: unknown
  readonly allocation: unknown
}

/** Decodes the three documents and applies the policy to all that decoded: every mistake and every refusal is told at once. */
export const decode = (documents: Documents): E.Either<Issues, Request> => {
  const task = TaskConfig.codec.decode(documents.task)
  const plugin = PluginConfig.codec.decode(documents.plugin)
  const allocation = Allocation.codec.decode(documents.allocation)
  const refused = policy({
    task: decodedPart(TaskConfig.fields, documents.task),
    plugin: decodedPart(PluginConfig.fields, documents.plugin),
    allocation: E.isRight(allocation) ? allocation.right : undefined
  })
  const issues = sorted([...wrong(task), ...wrong(plugin), ...wrong(allocation), ...refused])
  if (isNonEmpty(issues)) return E.left(issues)
  return E.isRight(task) && E.isRight(plugin) && E.isRight(allocation)
    ? E.right({ task: task.right, plugin: plugin.right, allocation: allocation.right })
    : E.left([Issue('BadValue', 'task', undefined, 'could not be decoded')])
}

const wrong = (outcome: t.Validation<unknown>): ReadonlyArray<Issue> => (E.isLeft(outcome) ? issuesOf(outcome.left) : [])

/** The options that decode, when others do not. */
const decodedPart = <F extends Fields>(fields: F, document: unknown): Partial<TypeOf<F>> =>
  // Each value came out of the codec of its own key.
  Object.fromEntries(
    Object.entries(fields).flatMap(([key, { codec }]) => {
      const outcome = codec.decode(valueAt(document, key))
      return E.isRight(outcome) ? [[key, outcome.right]] : []
    })
  ) as Partial<TypeOf<F>>

const valueAt = (document: unknown, key: string): unknown =>
  typeof document === 'object' && document !== null ? new Map<string, unknown>(Object.entries(document)).get(key) : undefined
