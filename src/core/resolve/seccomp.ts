import * as E from 'fp-ts/Either'

import { digestOf } from '../domain/digest'
import { inTask } from '../domain/DocumentPath'
import { Issue, RefusedBy } from '../domain/Issue'
import { clean, isWithin } from '../domain/path'
import { about, Facts } from '../facts/Facts'
import { customProfile, Mistake } from '../seccomp/customProfile'
import { DEFAULT_PROFILE, defaultProfile } from '../seccomp/defaultProfile'
import { SeccompHost } from '../seccomp/SeccompHost'
import { Request } from './Request'
import { TaskSeccomp } from './Task'

/**
 * The filter of a task, computed from its final bounding set: a capability without its system calls is no capability.
 */
export const seccompOf = (
  { task, policy }: Request,
  facts: Facts,
  on: SeccompHost
): E.Either<ReadonlyArray<Issue>, TaskSeccomp> => {
  const isOn = task.seccomp ?? (policy.seccomp && !task.privileged)
  if (!isOn) return E.right({ _tag: 'Unconfined' })
  return task.seccomp_profile === undefined
    ? E.right({ _tag: 'Default', profile: DEFAULT_PROFILE, filter: defaultProfile(on) })
    : custom(clean(task.seccomp_profile), policy.seccomp_profile_dir, facts, on)
}

const AT = inTask('seccomp_profile')

const custom = (
  path: string,
  dir: string | undefined,
  facts: Facts,
  on: SeccompHost
): E.Either<ReadonlyArray<Issue>, TaskSeccomp> => {
  const file = about(facts.files, path)
  if (file === undefined) return E.left([Issue('BadValue', AT, path, 'nobody said what is in it', hint(path))])
  if (file.kind === 'absent') return E.left([Issue('BadValue', AT, path, file.reason, EVERYWHERE)])
  if (dir !== undefined && !isWithin(clean(dir), clean(file.realPath))) {
    const reason = `leads to ${file.realPath}; the plugin option \`seccomp_profile_dir\` wants it in ${dir}`
    return E.left([RefusedBy('seccomp_profile_dir', AT, path, reason)])
  }
  const read = customProfile(file.text, on)
  if (E.isLeft(read)) return E.left(read.left.map((mistake) => inProfile(path, mistake)))
  const { listenerPath } = read.right
  if (listenerPath !== undefined && dir === undefined)
    return E.left([RefusedBy('seccomp_profile_dir', { ...AT, inFile: 'listenerPath' }, listenerPath, NO_LISTENER)])
  return E.right({ _tag: 'Custom', path, digest: digestOf(file.text), filter: read.right })
}

const EVERYWHERE = 'put the profile there, on every client that runs the task'

const NO_LISTENER =
  'is a socket that the runtime opens as root; such a profile must lie in the plugin option `seccomp_profile_dir`, which is not set'

/** A mistake in the text of a profile; one of the whole text is told of its file. */
const inProfile = (file: string, { path, value, reason, hint: way }: Mistake): Issue =>
  path === ''
    ? Issue('BadValue', AT, file, reason, way)
    : Issue('BadValue', { ...AT, inFile: path }, value, reason, way)

const hint = (path: string): string =>
  `add to the facts file: "files": { ${JSON.stringify(path)}: { "kind": "file", "text": "{…}" } }`
