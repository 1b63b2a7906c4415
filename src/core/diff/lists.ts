import { compact } from '../domain/canonical'
import { isJsonRecord, Json, member } from '../domain/Json'

/**
 * How a list is read: `Set`, its order means nothing; `Keyed`, an item is known by a name; `Plain`, one value. An item
 * of an `Atoms` list is judged as a whole: what it may do follows from all its members together.
 */
export type Reading =
  | { readonly _tag: 'Set' }
  | { readonly _tag: 'Keyed'; readonly nameOf: (item: Json) => string }
  | { readonly _tag: 'Atoms'; readonly nameOf: (item: Json) => string; readonly isOrdered: boolean }
  | { readonly _tag: 'Plain' }

const text = (value: Json | undefined): string => {
  if (typeof value === 'string') return value
  return value === undefined ? '' : compact(value)
}

const by =
  (...names: ReadonlyArray<string>) =>
  (item: Json): string =>
    isJsonRecord(item)
      ? names
          .map((name) => text(member(item, name)))
          .filter((part) => part !== '')
          .join(' ')
      : text(item)

/**
 * A name of several members, each with its place: what is absent is `*`, so that no two different items have the same.
 */
const byAll = (...names: ReadonlyArray<string>) => (item: Json): string =>
  isJsonRecord(item) ? names.map((name) => text(member(item, name) ?? '*')).join(' ') : text(item)

const envName = (item: Json): string => (typeof item === 'string' ? (item.split('=', 1)[0] ?? item) : text(item))

const SET: Reading = { _tag: 'Set' }
const PLAIN: Reading = { _tag: 'Plain' }
const keyed = (...names: ReadonlyArray<string>): Reading => ({ _tag: 'Keyed', nameOf: byAll(...names) })
const atoms = (isOrdered: boolean, ...names: ReadonlyArray<string>): Reading => ({
  _tag: 'Atoms',
  nameOf: by(...names),
  isOrdered
})

const LISTS: Readonly<Record<string, Reading>> = {
  mounts: atoms(true, 'path'),
  'network/ports': atoms(false, 'label'),
  issues: atoms(false, 'at', 'reason'),
  left: SET,
  'job/group/network/port': atoms(false, 'label'),
  'job/group/service': atoms(false, 'name', 'port'),
  'job/task/service': atoms(false, 'name', 'port'),
  'job/task/volume_mount': atoms(false, 'destination'),
  'job/task/identity': atoms(false, 'name'),
  'job/task/template': atoms(false, 'destination'),
  'job/task/artifact': atoms(false, 'source', 'destination'),
  'job/task/action': atoms(false, 'name'),
  'job/task/secret': atoms(false, 'name'),
  'job/task/resources/device': atoms(false, 'name'),
  'spec/mounts': atoms(true, 'destination'),
  'spec/process/env': { _tag: 'Atoms', nameOf: envName, isOrdered: true },
  'spec/process/rlimits': atoms(false, 'type'),
  'spec/process/user/additionalGids': SET,
  'spec/linux/namespaces': atoms(false, 'type'),
  'spec/linux/devices': atoms(false, 'path'),
  'spec/linux/uidMappings': atoms(false, 'containerID'),
  'spec/linux/gidMappings': atoms(false, 'containerID'),
  'spec/linux/maskedPaths': SET,
  'spec/linux/readonlyPaths': SET,
  'spec/linux/seccomp/architectures': SET,
  'spec/linux/seccomp/flags': SET,
  'spec/linux/resources/devices': { _tag: 'Atoms', nameOf: byAll('type', 'major', 'minor', 'allow'), isOrdered: true },
  'spec/linux/resources/hugepageLimits': keyed('pageSize')
}

const SETS = /^spec\/process\/capabilities\/[a-z]+$/
const BY_DEVICE = /^spec\/linux\/resources\/blockIO\/(?:weight|throttle)[A-Za-z]*Device$/

/** How the list at a place of a document is read. A place is its names joined by `/`, those of items left out. */
export const readingOf = (place: string): Reading => {
  const known = Object.hasOwn(LISTS, place) ? LISTS[place] : undefined
  if (known !== undefined) return known
  if (SETS.test(place)) return SET
  return BY_DEVICE.test(place) ? keyed('major', 'minor') : PLAIN
}

/** Records whose names are the job's own: all of them are judged alike. */
const OPEN: ReadonlyArray<string> = [
  'container/labels',
  'spec/annotations',
  'spec/linux/sysctl',
  'spec/linux/resources/unified',
  'spec/hooks'
]

export const isOpen = (place: string): boolean => OPEN.includes(place)
