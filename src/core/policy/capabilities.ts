import { ALL, ALL_CAPABILITIES, expanded } from '../domain/capabilities'
import { inTask } from '../domain/DocumentPath'
import { byPolicy, Decoded, Refusals } from './Decoded'

/** Which capabilities a task may have. */
export const capabilities = ({ task, policy }: Decoded): Refusals => {
  const lists = { cap_add: task.cap_add ?? [], cap_ambient: task.cap_ambient ?? [] }
  const may = expanded(policy.allow_caps, () => ALL_CAPABILITIES)
  if (task.privileged === true) return []
  return Object.entries(lists).flatMap(([option, list]) =>
    list.flatMap(({ place, written, value }) => {
      const missing = (value === ALL ? ALL_CAPABILITIES : [value]).filter((one) => !may.includes(one))
      return missing.length === 0
        ? []
        : [byPolicy(inTask(option, place), written, 'allow_caps', `does not list ${short(missing)}`)]
    }))
}

const MAX_NAMED = 3

const short = (names: ReadonlyArray<string>): string =>
  names.length <= MAX_NAMED
    ? names.join(', ')
    : `${names.slice(0, MAX_NAMED).join(', ')} and ${String(names.length - MAX_NAMED)} more`
