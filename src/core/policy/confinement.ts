import { inTask } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { clean, isAbsolute, isWithin } from '../domain/path'
import { Chosen } from '../value/SelinuxOption'
import { byPolicy, Decoded, Refusals } from './Decoded'

/** Privileged tasks, and whatever takes a part of the confinement away. */
export const confinement = (decoded: Decoded): Refusals => [
  ...privileged(decoded),
  ...unconfined(decoded),
  ...apparmor(decoded),
  ...seccompProfile(decoded),
  ...paths(decoded)
]

const privileged = ({ task, policy }: Decoded): Refusals =>
  task.privileged === true && !policy.allow_privileged
    ? [byPolicy(inTask('privileged'), true, 'allow_privileged', 'is false on this host')]
    : []

const NO = 'is false on this host'

// A task that may be privileged gives all of this up at once.
const unconfined = ({ task, policy }: Decoded): Refusals => {
  if (policy.allow_unconfined || task.privileged === true) return []
  const labels = task.selinux_opts ?? []
  const weak: ReadonlyArray<readonly [string, unknown, boolean]> = [
    ['seccomp', task.seccomp, task.seccomp === false],
    ['no_new_privileges', task.no_new_privileges, task.no_new_privileges === false],
    ['writable_cgroups', task.writable_cgroups, task.writable_cgroups === true],
    ['masked_paths', task.masked_paths, task.masked_paths !== undefined],
    ['readonly_paths', task.readonly_paths, task.readonly_paths !== undefined],
    ['apparmor_profile', task.apparmor_profile, /(?:^|[:&/])unconfined(?:$|\/\/&)/.test(task.apparmor_profile ?? '')],
    ['selinux_opts', labels.map(({ written }) => written), labels.some(({ value }) => isUnconfinedLabel(value))],
    ['oom_score_adj', task.oom_score_adj, (task.oom_score_adj ?? 0) < 0]
  ]
  return weak.flatMap(([option, value, isWeak]) =>
    isWeak ? [byPolicy(inTask(option), value, 'allow_unconfined', NO)] : []
  )
}

const apparmor = ({ task: { apparmor_profile: name } }: Decoded): Refusals =>
  name === undefined || /^[^\s"']{1,255}$/.test(name)
    ? []
    : [Issue('BadValue', inTask('apparmor_profile'), name, 'must be the name of a profile, without spaces and quotes')]

/** Types that are made to confine a container (container-selinux). */
const CONFINES = /^container_(?!runtime_t$)[a-z0-9_]+$/

const isUnconfinedLabel = ({ part, value }: Chosen): boolean =>
  part === 'disable' || (part === 'type' && !CONFINES.test(value))

const seccompProfile = ({ task, policy }: Decoded): Refusals => {
  const path = task.seccomp_profile
  if (path === undefined) return []
  const on = task.seccomp ?? (policy.seccomp && task.privileged !== true)
  return [
    ...(on
      ? []
      : [
          Issue(
            'Conflict',
            inTask('seccomp_profile'),
            path,
            'needs `seccomp = true`',
            task.privileged === true ? 'it is off in a privileged task that does not ask for it' : undefined
          )
        ]),
    ...(isAbsolute(path)
      ? []
      : [Issue('BadValue', inTask('seccomp_profile'), path, 'must be an absolute path on the host')]),
    ...(isAbsolute(path)
    && policy.seccomp_profile_dir !== undefined
    && !isWithin(clean(policy.seccomp_profile_dir), clean(path))
      ? [byPolicy(inTask('seccomp_profile'), path, 'seccomp_profile_dir', `wants it in ${policy.seccomp_profile_dir}`)]
      : [])
  ]
}

const paths = ({ task }: Decoded): Refusals =>
  [['masked_paths', task.masked_paths ?? []] as const, ['readonly_paths', task.readonly_paths ?? []] as const].flatMap(
    ([option, list]) =>
      list.flatMap((path, index) =>
        isAbsolute(path) && clean(path) === path && path !== '/'
          ? []
          : [
              Issue(
                'BadValue',
                inTask(option, index),
                path,
                'must be an absolute path in the container, without `.`, `..` and slashes too many'
              )
            ]
      )
  )
