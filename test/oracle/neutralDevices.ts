import { posix } from 'node:path'

import { Device as Node } from '../../src/core/domain/Oci'
import { DeviceFacts } from '../../src/core/facts/Facts'
import { Document } from '../../src/testing/ofFields'
import { Given } from './given'
import { blocks, list, said, text } from './said'

/** The devices that are asked for by name, those of CDI, and all that the host has. */
export interface Devices {
  readonly devices: ReadonlyArray<{ readonly node: Node; readonly access: string }>
  readonly hostDevices: ReadonlyArray<Node>
  readonly cdi: { readonly files: Readonly<Record<string, unknown>>; readonly devices: ReadonlyArray<string> }
}

export const devicesOf = ({ task, allocation, devices, cdi }: Given): Devices => {
  const wanted = [
    ...blocks(allocation, 'devices').map((one) => [text(one, 'hostPath'), text(one, 'taskPath'), text(one, 'cgroupPermissions')]),
    ...((said(task, 'devices') ?? []) as ReadonlyArray<string | Document>).filter((one) => !isCdi(one)).map((one) =>
      typeof one === 'string' ? one.split(':') : [text(one, 'host_path'), text(one, 'container_path'), text(one, 'cgroup_permissions')])
  ]
  return {
    devices: wanted.flatMap(([from = '', to, access]) => below(from, devices).map(([place, node]) => ({
      node: { path: `${to ?? from}${place.slice(from.length)}`, ...node }, access: access ?? 'rwm'
    }))),
    hostDevices: below('/dev', devices).map(([path, node]) => ({ path, ...node })),
    cdi: {
      files: Object.fromEntries(cdi.flatMap((file) => ('document' in file ? [[posix.basename(file.path), file.document]] : []))),
      devices: (list(task, 'devices') ?? []).filter(isCdi)
    }
  }
}

const isCdi = (one: unknown): boolean => typeof one === 'string' && one.includes('=')

/** A device, or those of a directory. */
const below = (place: string, devices: Given['devices']): ReadonlyArray<readonly [string, DeviceFacts]> =>
  Object.entries(devices).filter(([path]) => path === place || path.startsWith(`${place}/`)).sort(([a], [b]) => (a < b ? -1 : 1))
