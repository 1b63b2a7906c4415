import * as E from 'fp-ts/Either'

import { TaskConfig } from '../decode/TaskConfig'
import { Issue } from '../domain/Issue'
import { BlockIO } from '../domain/Resources'
import { about, Facts } from '../facts/Facts'
import { parse, Unit } from '../value/DeviceRate'
import { BLOCK_IO } from '../wanted/blockIO'

type Rates = NonNullable<BlockIO['throttleReadBpsDevice']>

/** Weights and limits of block I/O by device number; a path that is no block device is an Issue. */
export const blockIOOf = (task: TaskConfig, facts: Facts): E.Either<ReadonlyArray<Issue>, BlockIO> => {
  const entries = BLOCK_IO.flatMap(({ option, unit, field }) =>
    task[option].map((text, index) => ({ field, ...numbered(text, unit, `task.${option}[${String(index)}]`, facts) }))
  )
  const issues = entries.flatMap(({ issue }) => issue ?? [])
  if (issues.length > 0) return E.left(issues)
  const rates = (name: string): Rates =>
    entries.flatMap(({ field, found }) => (field === name && found !== undefined ? [found] : []))
  const weights = rates('weightDevice').map(({ major, minor, rate }) => ({ major, minor, weight: rate }))
  return E.right({
    ...(task.blkio_weight === undefined ? {} : { weight: task.blkio_weight }),
    ...(weights.length === 0 ? {} : { weightDevice: weights }),
    ...Object.fromEntries(
      BLOCK_IO.slice(1).flatMap(({ field }) => (rates(field).length === 0 ? [] : [[field, rates(field)]]))
    )
  })
}

const hint = (path: string): string =>
  `offline, add to the facts file: "devices": { ${JSON.stringify(path)}: { "type": "b", "major": 8, "minor": 0, "fileMode": 432, "uid": 0, "gid": 6 } }`

interface Numbered {
  readonly found?: Rates[number]
  readonly issue?: Issue
}

const numbered = (text: string, unit: Unit, at: string, facts: Facts): Numbered => {
  const entry = parse(text, unit)
  const device = entry === undefined ? undefined : about(facts.devices, entry.path)
  return entry !== undefined && device?.type === 'b'
    ? { found: { major: device.major, minor: device.minor, rate: entry.amount } }
    : {
        issue: Issue(
          device === undefined ? 'Unanswered' : 'BadValue',
          at,
          text,
          device === undefined ? 'names no device of this host' : 'names no block device',
          device === undefined && entry !== undefined ? hint(entry.path) : undefined
        )
      }
}
