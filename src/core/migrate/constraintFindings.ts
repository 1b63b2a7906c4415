import * as t from 'io-ts'

import { Finding, findingOf } from './Finding'
import { Differs } from './rows/Verdict'

const nullable = <C extends t.Mixed>(codec: C): t.UnionC<[C, t.NullC, t.UndefinedC]> =>
  t.union([codec, t.null, t.undefined])
const rules = nullable(t.array(t.partial({ LTarget: nullable(t.string), RTarget: nullable(t.string) })))
const Holder = t.partial({ Constraints: rules, Affinities: rules, Spreads: nullable(t.array(t.unknown)) })

const OF_DRIVER = /\bdriver\.(docker|podman)\b/

/** Rules of placement that look for clients with docker or podman. `task` is empty where they stand outside of tasks. */
export const constraintFindings = (holder: unknown, task: string): ReadonlyArray<Finding> => {
  if (!Holder.is(holder)) return []
  const told = (option: string, list: t.TypeOf<typeof rules>): ReadonlyArray<Finding> =>
    (list ?? []).flatMap(({ LTarget, RTarget }) => {
      const driver = OF_DRIVER.exec(`${LTarget ?? ''} ${RTarget ?? ''}`)?.[1]
      return driver === undefined ? [] : [findingOf(option, Differs(textOf(driver, LTarget ?? '', task)))]
    })
  return [...told('constraint', holder.Constraints), ...told('affinity', holder.Affinities)]
}

const textOf = (driver: string, target: string, task: string): string =>
  `${task === '' ? '' : `of \`${task}\`: `}\`${target}\` looks for clients with ${driver}: use \`\${attr.driver.containerd-driver}\``
