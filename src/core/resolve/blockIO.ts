import * as E from 'fp-ts/Either'

import { TaskConfig } from '../decode/TaskConfig'
import { Issue } from '../domain/Issue'
import { clean, isAbsolute } from '../domain/path'
import { BlockIO } from '../domain/Resources'
import { about, Facts } from '../facts/Facts'
import * as scalar from '../field/scalar'

/** The options of block I/O that name devices, what their numbers count, and where the spec has them. */
export const BLOCK_IO = [
  { option: 'blkio_weight_device', unit: 'weight', field: 'weightDevice' },
  { option: 'device_read_bps', unit: 'bytes', field: 'throttleReadBpsDevice' },
  { option: 'device_write_bps', unit: 'bytes', field: 'throttleWriteBpsDevice' },
  { option: 'device_read_iops', unit: 'times', field: 'throttleReadIOPSDevice' },
  { option: 'device_write_iops', unit: 'times', field: 'throttleWriteIOPSDevice' }
] as const

export type Unit = (typeof BLOCK_IO)[number]['unit']

export interface Entry {
  readonly path: string
  readonly amount: number
}

/** Reads `path:amount`, the path clean; undefined when it is no such pair. */
export const parse = (text: string, unit: Unit): Entry | undefined => {
  const colon = text.lastIndexOf(':')
  const path = text.slice(0, Math.max(0, colon))
  const amount = amountOf(text.slice(colon + 1), unit)
  return isAbsolute(path) && amount !== undefined ? { path: clean(path), amount } : undefined
}

const amountOf = (text: string, unit: Unit): number | undefined => {
  if (unit === 'bytes') {
    const size = scalar.sizeBytes(text)
    return E.isRight(size) ? size.right : undefined
  }
  const number = /^\d{1,10}$/.test(text) ? Number(text) : 0
  const fits = unit === 'weight' ? number >= 10 && number <= 1000 : number > 0
  return fits ? number : undefined
}

/** The block devices that the options name. */
export const devicePaths = (task: TaskConfig): ReadonlyArray<string> =>
  BLOCK_IO.flatMap(({ option, unit }) => task[option].flatMap((text) => parse(text, unit)?.path ?? []))

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
