import * as E from 'fp-ts/Either'

import { TaskConfig } from '../decode/TaskConfig'
import { collectedList } from '../domain/collected'
import { DocumentPath, inTask, under } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { BlockIO } from '../domain/Resources'
import { about, Facts } from '../facts/Facts'
import { BLOCK_IO } from '../wanted/blockIO'
import { DEVICE_HINT } from './cdiDevices'

type Rates = NonNullable<BlockIO['throttleReadBpsDevice']>

/** Weights and limits of block I/O by device number; a path that is no block device is an Issue. */
export const blockIOOf = (task: TaskConfig, facts: Facts): E.Either<ReadonlyArray<Issue>, BlockIO> => {
  const numbers = BLOCK_IO.flatMap(({ option, field }) =>
    task[option].map((entry) => numbered(field, inTask(option), entry, facts)))
  return E.map((all: ReadonlyArray<Numbered>) => written(task, all))(collectedList(numbers))
}

const written = (task: TaskConfig, all: ReadonlyArray<Numbered>): BlockIO => {
  const rates = (name: string): Rates => all.flatMap(({ field, rate }) => (field === name ? [rate] : []))
  const weights = rates('weightDevice').map(({ major, minor, rate }) => ({ major, minor, weight: rate }))
  return {
    ...(task.blkio_weight === undefined ? {} : { weight: task.blkio_weight }),
    ...(weights.length === 0 ? {} : { weightDevice: weights }),
    ...Object.fromEntries(
      BLOCK_IO.slice(1).flatMap(({ field }) => (rates(field).length === 0 ? [] : [[field, rates(field)]]))
    )
  }
}

interface Numbered {
  readonly field: string
  readonly rate: Rates[number]
}

type Entry = TaskConfig['device_read_bps'][number]

const numbered = (field: string, at: DocumentPath, entry: Entry, facts: Facts): E.Either<Issue, Numbered> => {
  const { place, written: text, value } = entry
  const device = about(facts.devices, value.path)
  if (device === undefined)
    return E.left(Issue('BadValue', under(at, place), text, 'names no device of this host', DEVICE_HINT))
  return device.type === 'b'
    ? E.right({ field, rate: { major: device.major, minor: device.minor, rate: value.amount } })
    : E.left(Issue('BadValue', under(at, place), text, 'names no block device'))
}
