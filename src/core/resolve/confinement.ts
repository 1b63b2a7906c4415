import * as E from 'fp-ts/Either'

import { TaskConfig } from '../decode/TaskConfig'
import { constant } from '../domain/canonical'
import { Issue } from '../domain/Issue'
import { Facts, HostFacts } from '../facts/Facts'
import { capabilitiesOf } from './capabilities'
import { Request } from './Request'
import { seccompOf } from './seccomp'
import { labelsOf } from './selinux'
import { Confinement } from './Task'

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
  allDevices: false,
  apparmorProfile: '',
  selinux: undefined
}

/**
 * All that `privileged` means, as in Docker and in `ctr --privileged`, in one place: every capability that the host can
 * grant
 * (capabilitiesOf), nothing masked or read-only, a writable /sys, every device of the host (devicesOf), no seccomp
 * filter
 * (seccompOf), no AppArmor profile, no SELinux label, and the right to gain rights. The cgroup namespace stays as
 * everywhere:
 * private on cgroup v2, the host's on v1. What the job says by name still holds.
 */
const PRIVILEGED: Base = {
  noNewPrivileges: false,
  maskedPaths: [],
  readonlyPaths: [],
  sysfs: 'rw',
  allDevices: true,
  apparmorProfile: '',
  selinux: undefined
}

/** What the process may do, from the job, the policy, and what the host can grant. */
export const confinementOf = (
  request: Request,
  facts: Facts,
  host: HostFacts
): E.Either<ReadonlyArray<Issue>, Confinement> => {
  const { task } = request
  const base = task.privileged ? PRIVILEGED : USUAL
  const capabilities = capabilitiesOf(request, host)
  const bounding = E.isRight(capabilities) ? capabilities.right.bounding : []
  const seccomp = seccompOf(request, facts, {
    architecture: host.architecture,
    kernel: host.kernel,
    capabilities: bounding
  })
  const wrong = [capabilities, seccomp, modules(task, host)].flatMap((one) => (E.isLeft(one) ? one.left : []))
  if (E.isLeft(capabilities) || E.isLeft(seccomp) || wrong.length > 0) return E.left(wrong)
  return E.right({
    sysfs: base.sysfs,
    allDevices: base.allDevices,
    capabilities: bounding,
    ambient: capabilities.right.ambient,
    noNewPrivileges: task.no_new_privileges ?? base.noNewPrivileges,
    maskedPaths: task.masked_paths ?? base.maskedPaths,
    readonlyPaths: task.readonly_paths ?? base.readonlyPaths,
    apparmorProfile: task.apparmor_profile ?? base.apparmorProfile,
    selinux: labelsOf(task.selinux_opts),
    seccomp: seccomp.right
  })
}

/** runc refuses a label or profile on a kernel without the module that it is for. */
const modules = (task: TaskConfig, host: HostFacts): E.Either<ReadonlyArray<Issue>, void> => {
  const issues = [
    ...(task.apparmor_profile !== undefined && !host.apparmor
      ? [
          Issue(
            'BadValue',
            'task.apparmor_profile',
            task.apparmor_profile,
            'needs AppArmor, which this host has not',
            'leave it out, or place the task on a host that has it'
          )
        ]
      : []),
    ...(labelsOf(task.selinux_opts) !== undefined && !host.selinux
      ? [
          Issue(
            'BadValue',
            'task.selinux_opts',
            task.selinux_opts,
            'needs SELinux, which this host has not',
            'leave it out, or place the task on a host that has it'
          )
        ]
      : [])
  ]
  return issues.length > 0 ? E.left(issues) : E.right(undefined)
}
