import { posix } from 'node:path'
import { isDeepStrictEqual } from 'node:util'

import { byCodeUnits, Difference, inLinux, inProcess } from './Difference'
import { Json } from './Oracle'
import { flag, text } from './said'

const cleaned = (place: string): string => posix.resolve('/', place)

export const clean: Difference = {
  name: 'paths-clean',
  reason: 'The working directory and the places of mounts are written without a slash at the end, places of mounts also without `.`, `..` and slashes too many, so that one place has one name.',
  shownBy: { task: { cwd: '/www/' } },
  apply: (theirs) => ({
    ...inProcess(theirs, ({ cwd }) => ({ cwd: cleaned(cwd) })),
    mounts: theirs.mounts.map((mount: Json) => ({ ...mount, destination: cleaned(mount.destination) }))
  })
}

const RUN = { destination: '/run', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'] }

export const run: Difference = {
  name: 'run-of-the-image',
  reason: "Nothing is mounted over /run, as in Docker, nerdctl and CRI: images ship directories there in which their servers put sockets (`/run/mysqld`), and containerd's default tmpfs hides them.",
  shownBy: {},
  apply: (theirs) => ({ ...theirs, mounts: theirs.mounts.filter((mount: Json) => !isDeepStrictEqual(mount, RUN)) })
}

const CGROUPS = '/sys/fs/cgroup'

export const cgroups: Difference = {
  name: 'cgroups-mounted',
  reason: "The task's cgroups are mounted at /sys/fs/cgroup, read-only unless it is privileged or may write them, as in Docker, nerdctl and CRI: a JVM, .NET and others read their limits there, and without them take the host's. containerd's default spec has no such mount. Where the job mounts the host's /sys, as cAdvisor does, that is what stands there.",
  shownBy: {},
  apply: (theirs, { task }) => {
    const access = (flag(task, 'writable_cgroups') ?? flag(task, 'privileged') ?? false) ? 'rw' : 'ro'
    return theirs.mounts.some(({ destination, type }: Json) => destination === CGROUPS || (['/sys', '/sys/fs'].includes(destination) && type !== 'sysfs'))
      ? theirs
      : { ...theirs, mounts: [...theirs.mounts, { destination: CGROUPS, type: 'cgroup', source: 'cgroup', options: ['nosuid', 'noexec', 'nodev', access] }] }
  }
}

export const mountOrder: Difference = {
  name: 'mounts-sorted',
  reason: 'Mounts are sorted by destination (docs/decisions/0005-mount-order.md), so that none hides one below it. containerd has its own first, then the others as they were said.',
  shownBy: {},
  apply: (theirs) => ({ ...theirs, mounts: [...theirs.mounts].sort((a: Json, b: Json) => byCodeUnits(a.destination, b.destination)) })
}

export const cgroupsPath: Difference = {
  name: 'cgroups-path',
  reason: "The cgroup is where Nomad looks for it, not `/<namespace>/<id>`: the scope that Nomad made on cgroup v2, below Nomad's parent on v1.",
  shownBy: { allocation: { resources: { linuxResources: { cpusetCgroup: '/sys/fs/cgroup/nomad.slice/share.slice/a.web.scope' } } } },
  apply: (theirs, { id, allocation, host }) => {
    const scope = (text(allocation, 'resources', 'linuxResources', 'cpusetCgroup') ?? '').replace('/sys/fs/cgroup', '')
    const parent = host.cgroups === 'v1' && scope.startsWith('/cpuset/') ? (scope.split('/')[2] ?? '') : 'nomad'
    return inLinux(theirs, () => ({ cgroupsPath: host.cgroups === 'v2' && scope !== '' ? scope : `/${parent}/${id}` }))
  }
}

export const namespaceOfCgroups: Difference = {
  name: 'cgroup-namespace',
  reason: "On cgroup v2 a container has a cgroup namespace of its own unless the job says otherwise, as in Docker and nerdctl: containerd's default spec has none.",
  shownBy: {},
  apply: (theirs, { task, host }) =>
    host.cgroups === 'v2' && (text(task, 'cgroupns') ?? '') === ''
      ? inLinux(theirs, ({ namespaces }) => ({
          namespaces: [...namespaces.filter((one: Json) => one.type !== 'user'), { type: 'cgroup' }, ...namespaces.filter((one: Json) => one.type === 'user')]
        }))
      : theirs
}

export const userNamespace: Difference = {
  name: 'user-namespace-mounts',
  reason: "In a user namespace /sys is the host's unless the network is the container's own, and /dev/mqueue where IPC is the host's: the kernel mounts neither of a namespace that the mounting one does not own.",
  shownBy: { task: { userns: '0:100000:65536', host_network: true, ipc_mode: 'host' } },
  apply: (theirs) => {
    const namespace = (type: string): Json => theirs.linux.namespaces.find((one: Json) => one.type === type)
    if (namespace('user') === undefined) return theirs
    const foreign = [...(namespace('network') === undefined || namespace('network').path !== undefined ? ['sysfs'] : []), ...(namespace('ipc') === undefined ? ['mqueue'] : [])]
    return {
      ...theirs,
      mounts: theirs.mounts.map((mount: Json) =>
        foreign.includes(mount.type) ? { ...mount, type: 'bind', source: mount.destination, options: ['rbind', ...mount.options] } : mount)
    }
  }
}

export const deviceAccess: Difference = {
  name: 'device-access-ordered',
  reason: 'What a container may do with a device is written in the order `rwm`, however the job writes it: one right has one name.',
  shownBy: { task: { devices: ['/dev/fuse:/dev/fuse:wr'] } },
  apply: (theirs) => inLinux(theirs, ({ resources }) => ({
    resources: { ...resources, devices: resources.devices.map((rule: Json) => ({ ...rule, access: ['r', 'w', 'm'].filter((letter) => rule.access.includes(letter)).join('') })) }
  }))
}

export const cdiMount: Difference = {
  name: 'cdi-mount-type',
  reason: 'A mount of a CDI file without a type is written as `bind`, which its options make it: containerd leaves the type empty.',
  shownBy: { task: { devices: ['vendor.com/net=b'] } },
  apply: (theirs) => ({ ...theirs, mounts: theirs.mounts.map((mount: Json) => ({ type: 'bind', ...mount })) })
}
