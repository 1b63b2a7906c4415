import * as NEA from 'fp-ts/NonEmptyArray'

import { isRecord } from '../domain/isRecord'
import type { JsonPositions } from '../domain/jsonPositions'
import type { Position } from '../domain/Position'
import type { Places, Positions } from './Positions'

/** A path of a JSON job, taken apart: which group, which task of it, and the rest. */
interface Part {
  readonly group: string
  readonly task: string
  readonly rest: string
  readonly position: Position
}

/**
 * Where the parts of each task of a JSON job (bare or under "Job") are written, under the names that an HCL job has.
 */
export const positionsOfJson = (document: unknown, json: JsonPositions): Positions => {
  const isWrapped = isRecord(document) && isRecord(document['Job'])
  const parts = Array.from(json).flatMap(([path, position]) => partOf(isWrapped, path, position))
  const byTask = NEA.groupBy(({ group, task }: Part) => `${group}.${task}`)(parts)
  const groups = items(isWrapped ? document['Job'] : document, 'TaskGroups')
  return Object.fromEntries(
    groups.flatMap((group, index) => {
      const networks = byTask[`${index}.`] ?? []
      return items(group, 'Tasks').map((task, at): readonly [string, Places] => [
        `${nameOf(group)}/${nameOf(task)}`,
        Object.fromEntries([...networks, ...(byTask[`${index}.${at}`] ?? [])].flatMap(place))
      ])
    })
  )
}

const PART = /^(Job\.)?TaskGroups\[(\d+)\](?:\.(?:Tasks\[(\d+)\](.*)|(Networks\[.*)))$/s

const partOf = (isWrapped: boolean, path: string, position: Position): ReadonlyArray<Part> => {
  const found = PART.exec(path)
  if (found === null || (found[1] !== undefined) !== isWrapped) return []
  return [{ group: found[2] ?? '', task: found[3] ?? '', rest: found[4] ?? `.${found[5] ?? ''}`, position }]
}

const items = (value: unknown, name: string): ReadonlyArray<unknown> => {
  const list = isRecord(value) ? value[name] : undefined
  return Array.isArray(list) ? list : []
}

const nameOf = (value: unknown): string => (isRecord(value) && typeof value['Name'] === 'string' ? value['Name'] : '')

const place = ({ rest, position }: Part): ReadonlyArray<readonly [string, Position]> => {
  if (rest === '') return [['task', position]]
  const [, name = '', inner = ''] = /^\.([^.[]+)(.*)$/s.exec(rest) ?? []
  const path = pathOf(name, inner)
  return path === undefined ? [] : [[path, position]]
}

/** The path of a member of a task as HCL writes it; undefined for what no container is made of. */
const pathOf = (name: string, inner: string): string | undefined => {
  switch (name) {
    case 'Config':
      return inner === '' ? undefined : `task${inner}`
    case 'Env':
      return `allocation.env${inner}`
    case 'User':
      return 'allocation.user'
    case 'Driver':
      return 'driver'
    case 'Resources':
    case 'VolumeMounts':
    case 'Networks':
      return hclName(`${name}${inner}`.replace(/^(VolumeMount|Network)s/, '$1').replace('.Devices', '.Device'))
  }
  return undefined
}

/** `MemoryMaxMB` as `memory_max`. */
const hclName = (path: string): string =>
  path
    .replace(/MB(?=\W|$)/g, '')
    .replace(/([a-z])(?=[A-Z])/g, '$1_')
    .toLowerCase()
