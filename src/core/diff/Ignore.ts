import { matches } from '../domain/glob'
import { Change } from './Change'

/** A difference that is known and wanted: it is not told and changes no exit code. */
export interface IgnoreRule {
  /**
   * A place as a Change's key has it, in which `*` stands for any letters: `/container/labels/*`,
   * `/spec/process/env/BUILD_*`. It covers all that lies in the place.
   */
  readonly path: string
  /** The tasks that it is for, as a pattern; absent, all. */
  readonly task?: string
  readonly reason: string
}

/** Whether a rule covers a change of a task. */
const covers = (rule: IgnoreRule, task: string, { key }: Change): boolean =>
  (rule.task === undefined || matches(rule.task, task)) && (matches(rule.path, key) || matches(`${rule.path}/*`, key))

/** The changes that no rule covers, and the rules that covered one. */
export const unignored = (
  rules: ReadonlyArray<IgnoreRule>, task: string, changes: ReadonlyArray<Change>
): { readonly changes: ReadonlyArray<Change>; readonly used: ReadonlyArray<IgnoreRule> } => ({
  changes: changes.filter((change) => !rules.some((rule) => covers(rule, task, change))),
  used: rules.filter((rule) => changes.some((change) => covers(rule, task, change)))
})
