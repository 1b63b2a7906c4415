import * as fs from 'node:fs'
import * as path from 'node:path'

import { Spec } from '../../../src/core/domain/Oci'
import { filesToRead } from '../../laws/kernel/cgroup'
import { Outside } from '../../laws/kernel/Report'
import { Host } from './host'

const CGROUPS = '/sys/fs/cgroup'

/** A container that was created and not yet started, looked at from the host. Its hooks are still to run. */
export const lookFromOutside = ({ version }: Host, { linux, mounts }: Spec): Omit<Outside, 'hooks'> => ({
  version,
  files: cgroupFiles(version, linux),
  own: Object.fromEntries(fs.readdirSync('/proc/self/ns').map((link) => [link, fs.readlinkSync(`/proc/self/ns/${link}`)])),
  joined: Object.fromEntries(linux.namespaces.flatMap(({ type, path: file }) => (file === undefined ? [] : [[file, linkOf(type, file)]]))),
  peers: peersOf(mounts.map(({ source }) => source))
})

const cgroupFiles = (version: Outside['version'], { cgroupsPath, resources }: Spec['linux']): Outside['files'] =>
  Object.fromEntries(Object.entries(filesToRead(version, resources)).flatMap(([name, hierarchy]) => {
    const file = path.join(CGROUPS, hierarchy, cgroupsPath, name)
    return fs.existsSync(file) ? [[name, fs.readFileSync(file, 'utf8').trim()] as const] : []
  }))

// What /proc/self/ns would say inside it.
const linkOf = (type: string, file: string): string => `${{ network: 'net', mount: 'mnt' }[type] ?? type}:[${fs.statSync(file).ino}]`

const peersOf = (sources: ReadonlyArray<string>): Outside['peers'] =>
  Object.fromEntries(fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\n').flatMap((line) => {
    const [point, peer] = [line.split(' ')[4], / shared:(\d+)/.exec(line)?.[1]]
    return point !== undefined && peer !== undefined && sources.includes(point) ? [[point, peer] as const] : []
  }))

/** How the hooks were called, from the file in which the probe notes it. */
export const hooksIn = (file: string): Outside['hooks'] =>
  fs.existsSync(file)
    ? fs.readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Outside['hooks'][number])
    : []

/** Removes the cgroup that held the containers' own, which a container that failed may have left. */
export const removeCgroups = (name: string, { version }: Host): void => {
  for (const hierarchy of version === 'v2' ? [''] : fs.readdirSync(CGROUPS)) {
    const directory = path.join(CGROUPS, hierarchy, name)
    if (!fs.existsSync(directory)) continue
    const children = fs.readdirSync(directory, { withFileTypes: true }).filter((one) => one.isDirectory())
    for (const child of children) fs.rmdirSync(path.join(directory, child.name))
    fs.rmdirSync(directory)
  }
}
