import { isRecord } from '../domain/isRecord'
import type { JsonPositions } from '../domain/jsonPositions'
import { DRIVER } from './ours'
import type { Places, Positions } from './Positions'

// HCL 1 decodes a block as a list; JSON may have the map itself.
const BLOCK = new RegExp(`^plugin(?:\\[\\d+\\])?\\.${DRIVER}(?:\\[0\\])?(?:\\.config(?:\\[0\\])?(?:\\.(.+))?)?$`, 's')

/** Where the operator's options are written in a JSON file: bare, or in the block of this driver. */
export const pluginPositionsOfJson = (document: unknown, json: JsonPositions): Positions => {
  const isBare = !isRecord(document) || document['plugin'] === undefined
  const places: Places = Object.fromEntries(Array.from(json).flatMap(([path, position]) => {
    const inner = isBare ? path : BLOCK.exec(path)?.[1]
    const isBlock = !isBare && inner === undefined && BLOCK.test(path)
    if (inner === undefined) return isBlock ? [['plugin', position]] : []
    return [[`plugin.${inner}`, position]]
  }))
  return { plugin: places }
}
