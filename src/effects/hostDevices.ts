import { BigIntStats, Dirent, lstatSync, readdirSync, statSync } from 'node:fs'

import { clean } from '../core/domain/path'
import { DeviceFacts } from '../core/resolve/Facts'

type Devices = Readonly<Record<string, DeviceFacts>>

/**
 * A device, or all below a directory (containerd's oci.WithHostDevices), by path; none when there is none. Throws at a directory
 * that is no place for devices.
 */
export const hostDevices = (path: string): Devices => {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (found === undefined) return {}
  if (!found.isDirectory()) return deviceAt(path, found)
  const budget = { left: MAX_ENTRIES }
  return Object.fromEntries(below(clean(path), budget).flatMap((one) => {
    const status = lstatSync(one, { bigint: true, throwIfNoEntry: false })
    return status === undefined ? [] : Object.entries(deviceAt(one, status))
  }))
}

// A /dev with a thousand disks on four paths has some ten thousand; a whole file system has more than this.
const MAX_ENTRIES = 100_000

/** They hold no devices of the host, or those of one terminal. */
const SKIPPED = ['pts', 'shm', 'fd', 'mqueue', '.lxc', '.lxd-mounts', '.udev']

const below = (directory: string, budget: { left: number }): ReadonlyArray<string> => {
  const entries = listed(directory)
  budget.left -= entries.length
  if (budget.left < 0) throw new Error(`it holds more than ${String(MAX_ENTRIES)} files; name the devices, or a smaller directory`)
  return entries.flatMap((entry) => {
    const path = directory === '/' ? `/${entry.name}` : `${directory}/${entry.name}`
    if (entry.isDirectory()) return SKIPPED.includes(entry.name) ? [] : below(path, budget)
    return isDevice(entry) && entry.name !== 'console' ? [path] : []
  })
}

// What cannot be listed was removed a moment ago, or is a user's mount: it holds no devices.
const listed = (directory: string): ReadonlyArray<Dirent> => {
  try {
    return readdirSync(directory, { withFileTypes: true })
  } catch {
    return []
  }
}

const isDevice = (found: Pick<Dirent, 'isCharacterDevice' | 'isBlockDevice'>): boolean => found.isCharacterDevice() || found.isBlockDevice()

const PERMISSIONS = 0o7777

const deviceAt = (path: string, found: BigIntStats): Devices =>
  isDevice(found)
    ? {
        [path]: {
          type: found.isCharacterDevice() ? 'c' : 'b',
          major: Number(((found.rdev >> 8n) & 0xfffn) | ((found.rdev >> 32n) & ~0xfffn)),
          minor: Number((found.rdev & 0xffn) | ((found.rdev >> 12n) & ~0xffn)),
          fileMode: Number(found.mode) & PERMISSIONS,
          uid: Number(found.uid),
          gid: Number(found.gid)
        }
      }
    : {}
