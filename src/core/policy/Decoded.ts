import { Allocation } from '../decode/Allocation'
import { PluginConfig } from '../decode/PluginConfig'
import { TaskConfig } from '../decode/TaskConfig'
import { DocumentPath } from '../domain/DocumentPath'
import { Issue, RefusedBy } from '../domain/Issue'
import { Policy } from './Policy'

/** All that decoded, and the policy. An option that did not decode is undefined: its own mistake is told already. */
export interface Decoded {
  readonly task: Partial<TaskConfig>
  readonly plugin: Partial<PluginConfig>
  readonly allocation: Allocation | undefined
  readonly policy: Policy
}

/** A reason to refuse, or none. */
export type Refusals = ReadonlyArray<Issue>

/** A refusal of the operator's: it names the plugin option by which it was refused. */
export const byPolicy = (at: DocumentPath, value: unknown, option: string, reason: string): Issue =>
  RefusedBy(option, at, value, `the plugin option \`${option}\` ${reason}`)
