import { ALL, ALL_CAPABILITIES, capability, expanded } from '../domain/capabilities'
import { inTask } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { byPolicy, Decoded, Refusals } from './Decoded'

/** Names of capabilities, and which of them a task may have. */
export const capabilities = ({ task, policy }: Decoded): Refusals => {
  const lists = { cap_add: task.cap_add ?? [], cap_drop: task.cap_drop ?? [], cap_ambient: task.cap_ambient ?? [] }
  return [
    ...Object.entries(lists).flatMap(([option, list]) => unknown(option, list)),
    ...(task.privileged === true
      ? []
      : ['cap_add' as const, 'cap_ambient' as const].flatMap((option) =>
          notAllowed(option, lists[option], policy.allow_caps)
        ))
  ]
}

const unknown = (option: string, list: ReadonlyArray<string>): Refusals =>
  list.flatMap((name, index) =>
    capability(name) === undefined
      ? [
          Issue(
            'BadValue',
            inTask(option, index),
            name,
            'is no capability',
            'see capabilities(7) for their names'
          )
        ]
      : []
  )

const notAllowed = (option: string, list: ReadonlyArray<string>, allowed: ReadonlyArray<string>): Refusals => {
  const may = expanded(allowed, () => ALL_CAPABILITIES)
  return list.flatMap((name, index) => {
    const full = capability(name)
    const missing =
      full === undefined ? [] : (full === ALL ? ALL_CAPABILITIES : [full]).filter((one) => !may.includes(one))
    return missing.length === 0
      ? []
      : [byPolicy(inTask(option, index), name, 'allow_caps', `does not list ${short(missing)}`)]
  })
}

const MAX_NAMED = 3

const short = (names: ReadonlyArray<string>): string =>
  names.length <= MAX_NAMED
    ? names.join(', ')
    : `${names.slice(0, MAX_NAMED).join(', ')} and ${String(names.length - MAX_NAMED)} more`
