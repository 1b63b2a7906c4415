import { Mount } from '../domain/Oci'
import { Task, TaskMount } from '../resolve/Task'
import { MountPlan } from './Compiled'

const mount = (destination: string, type: string, source: string, ...options: ReadonlyArray<string>): Mount => ({
  destination, type, source, options
})

/** containerd's default mounts (oci.defaultMounts), with /run as tmpfs. */
const DEFAULT_MOUNTS: ReadonlyArray<Mount> = [
  mount('/proc', 'proc', 'proc', 'nosuid', 'noexec', 'nodev'),
  mount('/dev', 'tmpfs', 'tmpfs', 'nosuid', 'strictatime', 'mode=755', 'size=65536k'),
  mount('/dev/pts', 'devpts', 'devpts', 'nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'),
  mount('/dev/shm', 'tmpfs', 'shm', 'nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k'),
  mount('/dev/mqueue', 'mqueue', 'mqueue', 'nosuid', 'noexec', 'nodev'),
  mount('/sys', 'sysfs', 'sysfs', 'nosuid', 'noexec', 'nodev', 'ro'),
  mount('/run', 'tmpfs', 'tmpfs', 'nosuid', 'strictatime', 'mode=755', 'size=65536k')
]

/**
 * Every mount of the container, parents before children (by destination in the order of code units), one to a place: a
 * mount of the task or of Nomad takes the place of a default one and of the driver's resolv.conf, as in Docker.
 */
export const mounts = ({ mounts: wanted }: Task): ReadonlyArray<Mount> => {
  const own = wanted.filter(({ origin }) => origin !== 'driver')
  const taken = new Set(own.map(({ destination }) => destination))
  const drivers = wanted.filter(({ origin, destination }) => origin === 'driver' && !taken.has(destination))
  const defaults = DEFAULT_MOUNTS.filter(({ destination }) => !taken.has(destination))
  return [...defaults, ...[...drivers, ...own].map(toOci)].sort((a, b) => (a.destination < b.destination ? -1 : 1))
}

const toOci = ({ destination, type, source, options }: TaskMount): Mount => ({ destination, type, source, options })

/** The directories of named volumes. */
export const mountPlan = ({ mounts: wanted }: Task): MountPlan =>
  wanted
    .filter(({ ensure }) => ensure)
    .map(({ source, destination }) => ({ _tag: 'Directory', path: source, because: `volume at ${destination}` }))
