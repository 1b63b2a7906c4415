import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as net from 'node:net'
import * as path from 'node:path'

import { IdMapping } from '../../../src/core/domain/Oci'
import { Mount } from '../../../src/generated/containerd/containerd'
import { StandIn } from './adapt'

/** Makes what stands in for missing sources of binds, and gives back what takes their mounts away again. */
export const makeStandIns = (standIns: ReadonlyArray<StandIn>): (() => void) => {
  const mounted: Array<string> = []
  for (const { path: place, kind, shared } of standIns) {
    fs.mkdirSync(kind === 'directory' ? place : path.dirname(place), { recursive: true })
    if (kind === 'file') fs.writeFileSync(place, '')
    if (!shared) continue
    execFileSync('mount', ['--bind', place, place])
    mounted.push(place)
    execFileSync('mount', ['--make-shared', place])
  }
  return () => { for (const place of mounted) execFileSync('umount', [place]) }
}

const UNSHARE = { network: '--net', ipc: '--ipc', uts: '--uts', cgroup: '--cgroup' } as const

/** Namespaces without a process, each held by a file that it is mounted on: files by type. */
export const makeNamespaces = (directory: string): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(UNSHARE).map(([type, flag]) => {
    const file = path.join(directory, `ns-${type}`)
    fs.writeFileSync(file, '')
    execFileSync('unshare', [`${flag}=${file}`, 'true'])
    return [type, file]
  }))

interface Mappings {
  readonly uidMappings?: ReadonlyArray<IdMapping>
  readonly gidMappings?: ReadonlyArray<IdMapping>
}

/** Gives a root file system to the root of a user namespace: its snapshot was made for the host's. */
export const giveToRoot = ([mount]: ReadonlyArray<Mount>, { uidMappings = [], gidMappings = [] }: Mappings, place: string): void => {
  if (mount === undefined) return
  const zero = (maps: ReadonlyArray<IdMapping>): number => maps.find(({ containerID }) => containerID === 0)?.hostID ?? 0
  fs.mkdirSync(place)
  execFileSync('mount', ['-t', mount.type, '-o', mount.options.join(','), mount.source, place])
  try {
    execFileSync('chown', ['-R', `${zero(uidMappings)}:${zero(gidMappings)}`, place])
  } finally {
    execFileSync('umount', [place])
  }
}

/** Listens where a runtime hands over the notifications of a seccomp filter, and lets them go: such calls get ENOSYS. */
export const listenAt = (file: string): Promise<{ readonly path: string; readonly close: () => void }> =>
  new Promise((settle, refuse) => {
    const server = net.createServer((socket) => { socket.resume().on('error', () => { socket.destroy() }) })
    server.once('error', refuse)
    server.listen(file, () => { settle({ path: file, close: () => { server.close() } }) })
  })
