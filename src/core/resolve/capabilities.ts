import * as E from 'fp-ts/Either'

import { TaskConfig } from '../decode/TaskConfig'
import { ALL, ALL_CAPABILITIES, DEFAULT_CAPABILITIES, expanded } from '../domain/capabilities'
import { unless } from '../domain/collected'
import { inTask } from '../domain/DocumentPath'
import { Issue, Issues } from '../domain/Issue'
import { HostFacts } from '../facts/Facts'
import { valuesOf } from '../field/Parsed'
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
export const capabilitiesOf = ({ task, policy }: Request, host: HostFacts): E.Either<Issues, Granted> => {
  const allowed = expanded(policy.allow_caps, () => ALL_CAPABILITIES)
  const base = task.privileged ? host.capabilities : DEFAULT_CAPABILITIES.filter((name) => allowed.includes(name))
  const drop = valuesOf(task.cap_drop)
  const dropped = expanded(drop, () => ALL_CAPABILITIES)
  const added = (option: Adding): ReadonlyArray<string> => {
    const list = valuesOf(task[option])
    return expanded(list, () => allBut(drop, list, host))
  }
  const ambient = granted(added('cap_ambient'), host)
  return unless([...missing('cap_add', task, host), ...missing('cap_ambient', task, host)], {
    bounding: shared(granted(
      [...base.filter((name) => !dropped.includes(name)), ...added('cap_add'), ...ambient], host
    )),
    ambient
  })
}

/** The options that add. */
type Adding = 'cap_add' | 'cap_ambient'

/**
 * What `ALL` stands for in a list that adds: all but those that are dropped by name, unless they are added by name (as
 * in Docker and CRI).
 */
const allBut = (
  dropped: ReadonlyArray<string>,
  list: ReadonlyArray<string>,
  host: HostFacts
): ReadonlyArray<string> => host.capabilities.filter((name) => !dropped.includes(name) || list.includes(name))

// Most tasks have the default set: as the constant that it is, its text is made already.
const shared = (names: ReadonlyArray<string>): ReadonlyArray<string> =>
  names.length === DEFAULT_CAPABILITIES.length && names.every((name, index) => name === DEFAULT_CAPABILITIES[index])
    ? DEFAULT_CAPABILITIES
    : names

const granted = (names: ReadonlyArray<string>, host: HostFacts): ReadonlyArray<string> =>
  [...new Set(names)].filter((name) => host.capabilities.includes(name)).sort()

const missing = (option: Adding, task: TaskConfig, host: HostFacts): ReadonlyArray<Issue> =>
  task[option].flatMap(({ place, written, value }) =>
    value === ALL || host.capabilities.includes(value)
      ? []
      : [
          Issue(
            'BadValue',
            inTask(option, place),
            written,
            'is a capability that this host cannot grant',
            `it grants ${host.capabilities.length === 0 ? 'none' : `${String(host.capabilities.length)} of them`}: leave it out, or run the agent with it`
          )
        ])
