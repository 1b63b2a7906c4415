import * as E from 'fp-ts/Either'

import { TaskConfig } from '../decode/TaskConfig'
import { ALL, ALL_CAPABILITIES, capability, DEFAULT_CAPABILITIES, expanded } from '../domain/capabilities'
import { inTask } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { HostFacts } from '../facts/Facts'
import { Request } from './Request'

export interface Granted {
  readonly bounding: ReadonlyArray<string>
  readonly ambient: ReadonlyArray<string>
}

/**
 * The capabilities of a task, sorted: the default ones that the operator allows (all that the host can grant, when
 * privileged),
 * without those that are dropped, with those that are added: adding by name wins. A capability that the job names and
 * the host cannot
 * grant is an Issue, as in Docker.
 */
export const capabilitiesOf = ({ task, policy }: Request, host: HostFacts): E.Either<ReadonlyArray<Issue>, Granted> => {
  const issues = [...missing('cap_add', task, host), ...missing('cap_ambient', task, host)]
  if (issues.length > 0) return E.left(issues)
  const allowed = expanded(policy.allow_caps, () => ALL_CAPABILITIES)
  const base = task.privileged ? host.capabilities : DEFAULT_CAPABILITIES.filter((name) => allowed.includes(name))
  const dropped = expanded(task.cap_drop, () => ALL_CAPABILITIES)
  const ambient = granted(
    expanded(task.cap_ambient, () => allBut(task.cap_drop, task.cap_ambient, host)),
    host
  )
  const added = expanded(task.cap_add, () => allBut(task.cap_drop, task.cap_add, host))
  return E.right({
    bounding: shared(granted([...base.filter((name) => !dropped.includes(name)), ...added, ...ambient], host)),
    ambient
  })
}

/**
 * What `ALL` stands for in a list that adds: all but those that are dropped by name, unless they are added by name (as
 * in Docker and CRI).
 */
const allBut = (
  dropped: ReadonlyArray<string>,
  list: ReadonlyArray<string>,
  host: HostFacts
): ReadonlyArray<string> => {
  const isNamed = (name: string, names: ReadonlyArray<string>): boolean => names.some((one) => capability(one) === name)
  return host.capabilities.filter((name) => !isNamed(name, dropped) || isNamed(name, list))
}

// Most tasks have the default set: as the constant that it is, its text is made already.
const shared = (names: ReadonlyArray<string>): ReadonlyArray<string> =>
  names.length === DEFAULT_CAPABILITIES.length && names.every((name, index) => name === DEFAULT_CAPABILITIES[index])
    ? DEFAULT_CAPABILITIES
    : names

const granted = (names: ReadonlyArray<string>, host: HostFacts): ReadonlyArray<string> =>
  [...new Set(names)].filter((name) => host.capabilities.includes(name)).sort()

const missing = (option: 'cap_add' | 'cap_ambient', task: TaskConfig, host: HostFacts): ReadonlyArray<Issue> =>
  task[option].flatMap((name, index) => {
    const full = capability(name)
    return full === undefined || full === ALL || host.capabilities.includes(full)
      ? []
      : [
          Issue(
            'BadValue',
            inTask(option, index),
            name,
            'is a capability that this host cannot grant',
            `it grants ${host.capabilities.length === 0 ? 'none' : `${String(host.capabilities.length)} of them`}: leave it out, or run the agent with it`
          )
        ]
  })
