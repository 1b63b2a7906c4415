import * as path from 'node:path'

import { Mount } from '../../../src/core/domain/Oci'
import { Breaches } from '../spec'
import { isBelow,Law, outside, relative, words } from './law'
import { has } from './namespaces'

export const PROPAGATIONS = words('private rprivate shared rshared slave rslave unbindable runbindable')

// `defaults` is missing: runc hands it to the kernel as an option of the file system.
export const FLAGS = words(
  'bind rbind ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand atime noatime diratime nodiratime ' +
  'relatime norelatime strictatime nostrictatime lazytime nolazytime iversion noiversion silent loud symfollow nosymfollow ' +
  'rro rrw rnosuid rsuid rnodev rdev rnoexec rexec rnodiratime rdiratime rrelatime rnorelatime rnoatime ratime rstrictatime ' +
  'rnostrictatime rnosymfollow rsymfollow tmpcopyup idmap ridmap'
)

export const data = ({ options }: Mount): ReadonlyArray<string> => outside([...FLAGS, ...PROPAGATIONS], options)

export const hasOne = ({ options }: Mount, names: ReadonlyArray<string>): boolean => options.some((option) => names.includes(option))

export const isBind = (mount: Mount): boolean => hasOne(mount, ['bind', 'rbind'])

export const at = (mounts: ReadonlyArray<Mount>): Breaches => mounts.map(({ destination }) => destination)

export const destinationsAreAbsolute: Law = ({ mounts }) => relative(at(mounts))

// Without the option the kernel is asked for a file system named "bind"; a relative source starts at the bundle.
export const bindsAreBinds: Law = ({ mounts }) =>
  at(mounts.filter((mount) => (mount.type === 'bind' || isBind(mount)) && !(isBind(mount) && path.posix.isAbsolute(mount.source))))

export const bindsHaveNoData: Law = ({ mounts }) =>
  mounts.filter(isBind).flatMap((mount) => data(mount).map((option) => `${mount.destination}: ${option}`))

export const TMPFS = /^((size|nr_blocks|nr_inodes|mode|uid|gid|mpol|huge)=[^,]+|inode32|inode64|noswap)$/

export const tmpfsDataIsKnown: Law = ({ mounts }) =>
  mounts.filter((mount) => mount.type === 'tmpfs' && !isBind(mount))
    .flatMap((mount) => data(mount).filter((option) => !TMPFS.test(option)).map((option) => `${mount.destination}: ${option}`))

export const idMappedMountsAreBinds: Law = (spec) =>
  at(spec.mounts.filter((mount) => hasOne(mount, ['idmap', 'ridmap']) && !(isBind(mount) && has(spec, 'user'))))

// What lxcfs provides.
export const IN_PROC = words('cpuinfo diskstats meminfo stat swaps uptime loadavg slabinfo net/dev sys/kernel/ns_last_pid').map((name) => `/proc/${name}`)

export const isTakenInProc = (mount: Mount): boolean => {
  const place = path.posix.resolve('/', mount.destination)
  if (place === '/proc') return isBind(mount) ? mount.source === '/proc' : mount.type === 'proc'
  return !isBelow('/proc', place) || IN_PROC.includes(place)
}

export const procIsProc: Law = ({ mounts }) => at(mounts.filter((mount) => !isTakenInProc(mount)))

export const propagationIsKnown: Law = ({ linux: { rootfsPropagation } }) => outside(PROPAGATIONS, rootfsPropagation === undefined ? [] : [rootfsPropagation])
