import { constant } from '../domain/canonical'
import { hostIdOf } from '../domain/idMappings'
import { Mount } from '../domain/Oci'
import { Task, TaskMount } from '../resolve/Task'
import { MountPlan } from './Compiled'

const mount = (destination: string, type: string, source: string, ...options: ReadonlyArray<string>): Mount => ({
  destination, options, source, type
})

const fixed = (...of: Parameters<typeof mount>): Mount => constant(mount(...of))

/**
 * containerd's default mounts (oci.defaultMounts) as nerdctl and CRI have them: nothing over the image's /run, and the
 * cgroups of the task, where programs read their limits. What the task may choose about them is chosen.
 */
const defaultMounts = (task: Task): ReadonlyArray<Mount> => [
  ...FIXED, devpts(task), mqueue(task), ...shmOf(task), sys(task), cgroups(task)
]

// The kernel mounts no /sys or mqueue of a namespace that the mounting one does not own: the host's is bound then.
const mqueue = ({ namespaces: { ipc, user } }: Task): Mount =>
  ipc === 'host' && user.length > 0 ? HOST_MQUEUE : MQUEUE

const sys = ({ namespaces: { user }, network, confinement: { sysfs } }: Task): Mount => {
  if (user.length > 0 && network._tag !== 'Isolated') return hostSys(sysfs)
  return sysfs === 'ro' ? SYS : WRITABLE_SYS
}

const cgroups = ({ confinement: { cgroupfs } }: Task): Mount => (cgroupfs === 'ro' ? CGROUPS : WRITABLE_CGROUPS)

const shmOf = ({ shmSizeBytes, namespaces: { ipc } }: Task): ReadonlyArray<Mount> => {
  if (ipc === 'none') return []
  if (ipc === 'host') return [HOST_SHM]
  return [shmSizeBytes === undefined ? SHM : shm(shmSizeBytes)]
}

const FIXED: ReadonlyArray<Mount> = [
  fixed('/proc', 'proc', 'proc', 'nosuid', 'noexec', 'nodev'),
  fixed('/dev', 'tmpfs', 'tmpfs', 'nosuid', 'strictatime', 'mode=755', 'size=65536k')
]

const PTS = ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620'] as const
const TTY_GROUP = 5
const DEVPTS = fixed('/dev/pts', 'devpts', 'devpts', ...PTS, `gid=${String(TTY_GROUP)}`)
const OWN_DEVPTS = fixed('/dev/pts', 'devpts', 'devpts', ...PTS)

// The kernel knows no group that is not mapped.
const devpts = ({ namespaces: { user } }: Task): Mount =>
  user.length > 0 && hostIdOf(user, TTY_GROUP) === undefined ? OWN_DEVPTS : DEVPTS

const SYS = fixed('/sys', 'sysfs', 'sysfs', 'nosuid', 'noexec', 'nodev', 'ro')
const WRITABLE_SYS = fixed('/sys', 'sysfs', 'sysfs', 'nosuid', 'noexec', 'nodev', 'rw')

// On cgroup v1 runc makes a tmpfs of it, with the task's own cgroup of each hierarchy bound in it.
const CGROUPS = fixed('/sys/fs/cgroup', 'cgroup', 'cgroup', 'nosuid', 'noexec', 'nodev', 'ro')
const WRITABLE_CGROUPS = fixed('/sys/fs/cgroup', 'cgroup', 'cgroup', 'nosuid', 'noexec', 'nodev', 'rw')

const MQUEUE = fixed('/dev/mqueue', 'mqueue', 'mqueue', 'nosuid', 'noexec', 'nodev')
const HOST_MQUEUE = fixed('/dev/mqueue', 'bind', '/dev/mqueue', 'rbind', 'nosuid', 'noexec', 'nodev')
const hostSys = (access: 'ro' | 'rw'): Mount =>
  mount('/sys', 'bind', '/sys', 'rbind', 'nosuid', 'noexec', 'nodev', access)

const HOST_SHM = fixed('/dev/shm', 'bind', '/dev/shm', 'rbind', 'rprivate')

const KIB = 1024

const shm = (bytes: number): Mount => {
  const size = bytes % KIB === 0 ? `${String(bytes / KIB)}k` : String(bytes)
  return mount('/dev/shm', 'tmpfs', 'shm', 'nosuid', 'noexec', 'nodev', 'mode=1777', `size=${size}`)
}

const SHM = constant(shm(65_536 * KIB))

// cAdvisor and the like bind the host's /sys for the sake of the cgroups in it, which ours would cover.
const ABOVE_CGROUPS: ReadonlyArray<string> = ['/sys', '/sys/fs']

/**
 * Every mount of the container, parents before children (by destination in the order of code units), one to a place: a
 * mount of the task or of Nomad takes the place of a default one, of the driver's files and of a device's, as in
 * Docker.
 */
export const mounts = (task: Task): ReadonlyArray<Mount> => {
  const shown = shownOf(task)
  const placed = new Set(shown.map(({ destination }) => destination))
  const isTaken = ({ destination, type }: Mount): boolean =>
    placed.has(destination) || (type === 'cgroup' && ABOVE_CGROUPS.some((place) => placed.has(place)))
  const defaults = defaultMounts(task).filter((one) => !isTaken(one))
  return [...defaults, ...shown.map(toOci)].sort((a, b) => (a.destination < b.destination ? -1 : 1))
}

const isOwn = ({ origin }: TaskMount): boolean => origin === 'task' || origin === 'nomad'

/** What is mounted beside the defaults. */
const shownOf = ({ mounts: wanted }: Task): ReadonlyArray<TaskMount> => {
  const own = wanted.filter(isOwn)
  const taken = new Set(own.map(({ destination }) => destination))
  return [...wanted.filter((one) => !isOwn(one) && !taken.has(one.destination)), ...own]
}

const toOci = ({ destination, type, source, options }: TaskMount): Mount => ({ destination, options, source, type })

/**
 * The directories of named volumes, the files that are made for the container and shown there, and the sources that a
 * task could swap.
 */
export const mountPlan = (task: Task): MountPlan => [
  ...task.mounts
    .filter(({ ensure }) => ensure)
    .map(({ source, destination }) => ({
      _tag: 'Directory' as const,
      path: source,
      because: `volume at ${destination}`
    })),
  ...shownFiles(task).map((file) => ({ _tag: 'File' as const, ...file })),
  ...task.mounts.flatMap(pinOf)
]

const shownFiles = (task: Task): Task['files'] => {
  const sources = new Set(shownOf(task).map(({ source }) => source))
  return task.files.filter(({ path }) => sources.has(path))
}

const pinOf = ({ pin, source, destination, options }: TaskMount): MountPlan =>
  pin === undefined
    ? []
    : [
        {
          _tag: 'Pin',
          path: source,
          source: pin.source,
          kind: pin.kind,
          recursive: options.includes('rbind'),
          because: `shown at ${destination}`
        }
      ]
