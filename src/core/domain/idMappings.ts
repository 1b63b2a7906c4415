import { IdMapping } from './Oci'

const MAX_ID = 2 ** 32 - 2

/** Reads `container:host:size[,…]`; undefined when it is no mapping, leaves the range of ids, or maps an id twice. */
export const mappingsOf = (text: string): ReadonlyArray<IdMapping> | undefined => {
  const ranges = text.split(',').map(rangeOf)
  const all = ranges.flatMap((range) => range ?? [])
  return all.length === ranges.length && apart(all, 'containerID') && apart(all, 'hostID') ? all : undefined
}

const rangeOf = (text: string): IdMapping | undefined => {
  const [, container, host, size] = /^(\d{1,10}):(\d{1,10}):(\d{1,10})$/.exec(text) ?? []
  const range = { containerID: Number(container), hostID: Number(host), size: Number(size) }
  const fits = range.size > 0 && range.containerID + range.size - 1 <= MAX_ID && range.hostID + range.size - 1 <= MAX_ID
  return size !== undefined && fits ? range : undefined
}

const apart = (ranges: ReadonlyArray<IdMapping>, side: 'containerID' | 'hostID'): boolean =>
  [...ranges].sort((a, b) => a[side] - b[side]).every((range, index, all) => {
    const next = all[index + 1]
    return next === undefined || range[side] + range.size <= next[side]
  })

/** The id on the host of an id in the container; undefined when it is not mapped. */
export const hostIdOf = (ranges: ReadonlyArray<IdMapping>, id: number): number | undefined => {
  const range = ranges.find(({ containerID, size }) => id >= containerID && id < containerID + size)
  return range === undefined ? undefined : range.hostID + id - range.containerID
}

/** Ranges as they are written: `container:host:size`, with commas. */
export const idsIn = (ranges: ReadonlyArray<IdMapping>): string =>
  ranges.map(({ containerID, hostID, size }) => [containerID, hostID, size].join(':')).join(',')
