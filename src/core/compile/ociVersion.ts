import { Task } from '../resolve/Task'
import { needsOf } from '../seccomp/versionNeeds'

/**
 * What every spec of this compiler needs: `umask` and the hooks of OCI runtime spec 1.0.2 are in the set of fields that
 * it may write.
 */
const USUAL = '1.0.2'

// config.md, "Linux mount options": attributes of a whole tree came with 1.1.0, id maps of a mount with 1.2.0.
const RECURSIVE: ReadonlySet<string> = new Set([
  'rro',
  'rrw',
  'rnosuid',
  'rsuid',
  'rnodev',
  'rdev',
  'rnoexec',
  'rexec',
  'rnoatime',
  'ratime',
  'rrelatime',
  'rnorelatime',
  'rstrictatime',
  'rnostrictatime',
  'rnodiratime',
  'rdiratime',
  'rnosymfollow',
  'rsymfollow'
])
const ID_MAPS: ReadonlySet<string> = new Set(['idmap', 'ridmap'])

/** The lowest runtime-spec version that has every field in use: older runtimes refuse a newer one. */
export const ociVersion = (task: Task): string => {
  const options = task.mounts.flatMap((mount) => mount.options)
  if (options.some((option) => ID_MAPS.has(option))) return '1.2.0'
  const isNewer =
    (task.domainname !== '' && task.namespaces.user.length > 0)
    || Object.keys(task.limits.unified).length > 0
    || needsFilter(task)
    || options.some((option) => RECURSIVE.has(option))
  return isNewer ? '1.1.0' : USUAL
}

const needsFilter = ({ confinement: { seccomp } }: Task): boolean =>
  seccomp._tag !== 'Unconfined' && needsOf(seccomp.filter) === '1.1.0'
