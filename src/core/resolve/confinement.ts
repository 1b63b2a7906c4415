import * as E from 'fp-ts/Either'

import { TaskConfig } from '../decode/TaskConfig'
import { constant } from '../domain/canonical'
import { collected, unless } from '../domain/collected'
import { DocumentPath, inTask } from '../domain/DocumentPath'
import { Issue, Issues } from '../domain/Issue'
import { Facts, HostFacts } from '../facts/Facts'
import { capabilitiesOf, Granted } from './capabilities'
import { Request } from './Request'
import { seccompOf } from './seccomp'
import { labelsOf, SelinuxLabels } from './selinux'
import { Confinement, TaskSeccomp } from './Task'

/** What a task is held to when it says nothing about a part of it. */
type Base = Omit<Confinement, 'capabilities' | 'ambient' | 'seccomp'>

/** containerd's masked and read-only paths (oci.populateDefaultUnixSpec), those of its newest release. */
const USUAL: Base = {
  noNewPrivileges: true,
  maskedPaths: constant([
    '/proc/acpi', '/proc/asound', '/proc/kcore', '/proc/keys', '/proc/latency_stats', '/proc/timer_list',
    '/proc/timer_stats', '/proc/sched_debug', '/sys/firmware', '/sys/devices/virtual/powercap', '/proc/scsi'
  ]),
  readonlyPaths: constant(['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger']),
  sysfs: 'ro',
  cgroupfs: 'ro',
  allDevices: false,
  apparmorProfile: '',
  selinux: undefined
}

/**
 * All that `privileged` means, as in Docker and in `ctr --privileged`, in one place: every capability that the host can
 * grant (capabilitiesOf), nothing masked or read-only, a writable /sys and /sys/fs/cgroup, every device of the host
 * (devicesOf), no seccomp filter
 * (seccompOf), no AppArmor profile, no SELinux label, and the right to gain rights. The cgroup namespace stays as
 * everywhere:
 * private on cgroup v2, the host's on v1. What the job says by name still holds.
 */
const PRIVILEGED: Base = {
  noNewPrivileges: false,
  maskedPaths: [],
  readonlyPaths: [],
  sysfs: 'rw',
  cgroupfs: 'rw',
  allDevices: true,
  apparmorProfile: '',
  selinux: undefined
}

/** What the process may do, from the job, the policy, and what the host can grant. */
export const confinementOf = (
  request: Request,
  facts: Facts,
  host: HostFacts
): E.Either<Issues, Confinement> => {
  const { task } = request
  const base = task.privileged ? PRIVILEGED : USUAL
  const capabilities = capabilitiesOf(request, host)
  const bounding = E.isRight(capabilities) ? capabilities.right.bounding : []
  const seccomp = seccompOf(request, facts, {
    architecture: host.architecture,
    kernel: host.kernel,
    capabilities: bounding
  })
  return E.map(({ granted, filter }: { readonly granted: Granted; readonly filter: TaskSeccomp }): Confinement => ({
    sysfs: base.sysfs,
    cgroupfs: cgroupfsOf(task, base),
    allDevices: base.allDevices,
    capabilities: bounding,
    ambient: granted.ambient,
    noNewPrivileges: task.no_new_privileges ?? base.noNewPrivileges,
    maskedPaths: task.masked_paths ?? base.maskedPaths,
    readonlyPaths: task.readonly_paths ?? base.readonlyPaths,
    apparmorProfile: task.apparmor_profile ?? base.apparmorProfile,
    selinux: selinuxOf(task),
    seccomp: filter
  }))(collected({ granted: capabilities, filter: seccomp, modules: modules(task, host), cgroups: cgroups(task, host) }))
}

const cgroupfsOf = ({ writable_cgroups: writable }: TaskConfig, { cgroupfs }: Base): Base['cgroupfs'] => {
  if (writable === undefined) return cgroupfs
  return writable ? 'rw' : 'ro'
}

/** In the host's cgroup namespace the one tree of cgroup v2 is that of the whole host. */
const cgroups = (task: TaskConfig, host: HostFacts): E.Either<Issues, true> =>
  unless(
    task.writable_cgroups === true && !task.privileged && task.cgroupns === 'host' && host.cgroups === 'v2'
      ? [
          Issue(
            'Conflict',
            inTask('writable_cgroups'),
            true,
            'excludes `cgroupns = "host"`: the cgroups of the whole host would be writable',
            'remove one of them'
          )
        ]
      : [],
    true
  )

const selinuxOf = ({ selinux_opts: options }: TaskConfig): SelinuxLabels | undefined =>
  labelsOf(options.map(({ value }) => value))

/** runc refuses a label or profile on a kernel without the module that it is for. */
const modules = (task: TaskConfig, host: HostFacts): E.Either<Issues, true> => {
  const isUnknownProfile = task.apparmor_profile !== undefined && !host.apparmor
  const isUnknownLabel = selinuxOf(task) !== undefined && !host.selinux
  const options = task.selinux_opts.map(({ written }) => written)
  return unless(
    [
      ...(isUnknownProfile ? [without(inTask('apparmor_profile'), task.apparmor_profile, 'AppArmor')] : []),
      ...(isUnknownLabel ? [without(inTask('selinux_opts'), options, 'SELinux')] : [])
    ],
    true
  )
}

const without = (at: DocumentPath, value: unknown, module: string): Issue => {
  const hint = 'leave it out, or place the task on a host that has it'
  return Issue('BadValue', at, value, `needs ${module}, which this host has not`, hint)
}
