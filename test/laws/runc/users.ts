import { IdMapping, Mount, Namespace, Spec } from '../../../src/core/domain/Oci'
import { Breaches } from '../spec'
import { Law, MAX_UINT32,named, unless } from './law'
import { has, isNew } from './namespaces'

// runc 1.1.5 wants mappings for a joined namespace too, and 1.2 takes them when they match.
export const userNamespaceIsMapped: Law = (spec) => {
  const given = [spec.linux.uidMappings, spec.linux.gidMappings].filter((each) => (each ?? []).length > 0).length
  return unless(given === (has(spec, 'user') ? 2 : 0), `${String(given)} mappings ${has(spec, 'user') ? 'with' : 'without'} a user namespace`)
}

export const overlaps = (ranges: ReadonlyArray<readonly [number, number]>): Breaches =>
  ranges.flatMap(([start, size], index) =>
    ranges.slice(index + 1).filter(([other, length]) => start < other + length && other < start + size).map(([other]) => `${String(start)} overlaps ${String(other)}`)
  )

// user_namespaces(7): 340 lines at most, none of size 0, no overlap on either side.
export const mappingIsTaken = (mappings: ReadonlyArray<IdMapping>): Breaches => [
  ...unless(mappings.length <= 340, `${String(mappings.length)} mappings`),
  ...mappings.flatMap(({ containerID, hostID, size }) => [
    ...named('size', size, 1, MAX_UINT32),
    ...named('end in the container', containerID + size, 1, MAX_UINT32 + 1),
    ...named('end on the host', hostID + size, 1, MAX_UINT32 + 1)
  ]),
  ...overlaps(mappings.map(({ containerID, size }) => [containerID, size])),
  ...overlaps(mappings.map(({ hostID, size }) => [hostID, size]))
]

export const mappingsAreTaken: Law = ({ linux }) => [...mappingIsTaken(linux.uidMappings ?? []), ...mappingIsTaken(linux.gidMappings ?? [])]

export const isMapped = (mappings: ReadonlyArray<IdMapping>, id: number): boolean =>
  mappings.some(({ containerID, size }) => id >= containerID && id < containerID + size)

export const unmapped = (mappings: ReadonlyArray<IdMapping>, ids: ReadonlyArray<number>): Breaches =>
  mappings.length === 0 ? [] : ids.filter((id) => !isMapped(mappings, id)).map(String)

export const idsAreMapped: Law = ({ process: { user }, linux: { uidMappings = [], gidMappings = [] } }) => [
  ...unmapped(uidMappings, [0, user.uid]),
  ...unmapped(gidMappings, [0, user.gid, ...user.additionalGids])
]

export const OWNERS: ReadonlyMap<string, Namespace['type']> = new Map([['proc', 'pid'], ['mqueue', 'ipc'], ['sysfs', 'network']])

export const isOwned = (spec: Spec, { type }: Mount): boolean => {
  const owner = OWNERS.get(type)
  return owner === undefined || isNew(spec, owner)
}

// The kernel lets only the owner of the pid, ipc or network namespace mount these: EPERM from runc, a joined netns included.
export const freshMountsAreOwned: Law = (spec) =>
  isNew(spec, 'user') ? spec.mounts.filter((mount) => !isOwned(spec, mount)).map(({ type, destination }) => `${type} on ${destination}`) : []
