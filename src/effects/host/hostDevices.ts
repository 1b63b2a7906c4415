import { BigIntStats, Dirent, lstatSync, statSync } from 'node:fs'
import { opendir } from 'node:fs/promises'

import { clean } from '../../core/domain/path'
import { DeviceFacts } from '../../core/facts/Facts'

type Devices = Readonly<Record<string, DeviceFacts>>

/** How many files of directories may still be looked at for one task. */
export interface Budget {
  left: number
}

// A /dev with a thousand disks on four paths has some ten thousand; a whole file system has more than this.
const MAX_ENTRIES = 20_000

export const fullBudget = (): Budget => ({ left: MAX_ENTRIES })

/**
 * A device, or all below a directory (containerd's oci.WithHostDevices), by path; none when there is none. Directories
 * are listed beside the event loop. Throws at a directory that is no place for devices.
 */
export const hostDevices = async (path: string, budget: Budget = fullBudget()): Promise<Devices> => {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (found === undefined) return {}
  if (!found.isDirectory()) return deviceAt(path, found)
  const devices: Array<readonly [string, DeviceFacts]> = []
  for (const one of await below(clean(path), budget)) {
    const status = lstatSync(one, { bigint: true, throwIfNoEntry: false })
    if (status !== undefined) devices.push(...Object.entries(deviceAt(one, status)))
  }
  return Object.fromEntries(devices)
}

/** A block device by its path, with one look and links followed; none when there is none, or something else. */
export const blockDevice = (path: string): Devices => {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false })
    return found?.isBlockDevice() === true ? deviceAt(path, found) : {}
  } catch {
    return {}
  }
}

/** They hold no devices of the host, or those of one terminal. */
const SKIPPED = ['pts', 'shm', 'fd', 'mqueue', '.lxc', '.lxd-mounts', '.udev']

const below = async (directory: string, budget: Budget): Promise<ReadonlyArray<string>> => {
  const devices: Array<string> = []
  for (const entry of await listed(directory, budget)) {
    const path = directory === '/' ? `/${entry.name}` : `${directory}/${entry.name}`
    if (entry.isDirectory() && !SKIPPED.includes(entry.name))
      for (const one of await below(path, budget)) devices.push(one)
    else if (isDevice(entry) && entry.name !== 'console') devices.push(path)
  }
  return devices
}

/** The entries of a directory; not one more is read than the budget has. */
const listed = async (directory: string, budget: Budget): Promise<ReadonlyArray<Dirent>> => {
  const entries: Array<Dirent> = []
  try {
    for await (const entry of await opendir(directory)) {
      budget.left -= 1
      if (budget.left < 0) break
      entries.push(entry)
    }
  } catch {
    // What cannot be listed was removed a moment ago, or is a user's mount: it holds no devices.
    return []
  }
  if (budget.left < 0)
    throw new Error(
      `the task's directories hold more than ${String(MAX_ENTRIES)} files; name the devices, or a smaller directory`
    )
  return entries
}

const isDevice = (found: Pick<Dirent, 'isCharacterDevice' | 'isBlockDevice'>): boolean =>
  found.isCharacterDevice() || found.isBlockDevice()

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
