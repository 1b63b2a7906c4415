import * as t from 'io-ts'

import { Place } from '../../job/Job'

/** What stands around a task's `config` and changes what its options come to. */
export interface Around {
  /** Mode of the group's network; empty when it is the host's. */
  readonly network: string
  readonly hasNvidia: boolean
  readonly hasScriptChecks: boolean
}

/** Nothing is known, as of a task that a dynamic block makes. */
export const nothingAround: Around = { network: '', hasNvidia: false, hasScriptChecks: false }

const nullable = <C extends t.Mixed>(codec: C): t.UnionC<[C, t.NullC, t.UndefinedC]> =>
  t.union([codec, t.null, t.undefined])
const Check = t.partial({ Type: nullable(t.string), TaskName: nullable(t.string) })
const Services = t.partial({
  Services: nullable(t.array(t.partial({ TaskName: nullable(t.string), Checks: nullable(t.array(Check)) })))
})

/** Reads what a parsed job has around one of its tasks. */
export const aroundOf = ({ group, task }: Place): Around => {
  const mode = group.Networks?.[0]?.Mode ?? ''
  return {
    network: mode === 'host' ? '' : mode,
    hasNvidia: (task.Resources?.Devices ?? []).some(
      (device) => t.type({ Name: t.string }).is(device) && /^(?:nvidia\/)?gpu(?:\/|$)/.test(device.Name)
    ),
    hasScriptChecks: scriptChecks(task, () => true) || scriptChecks(group, (name) => name === task.Name)
  }
}

const scriptChecks = (holder: unknown, isOurs: (name: string) => boolean): boolean =>
  Services.is(holder) &&
  (holder.Services ?? []).some(({ TaskName, Checks }) =>
    (Checks ?? []).some((check) => check.Type === 'script' && isOurs(check.TaskName ?? TaskName ?? '')))
