import * as E from 'fp-ts/Either'

import { digestOf } from '../domain/digest'
import { Issue, RefusedBy } from '../domain/Issue'
import { clean, isWithin } from '../domain/path'
import { about, Facts } from '../facts/Facts'
import { customProfile } from '../seccomp/customProfile'
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

const AT = 'task.seccomp_profile'

const custom = (
  path: string,
  dir: string | undefined,
  facts: Facts,
  on: SeccompHost
): E.Either<ReadonlyArray<Issue>, TaskSeccomp> => {
  const file = about(facts.files, path)
  if (file === undefined) return E.left([Issue('Unanswered', AT, path, 'nobody said what is in it', hint(path))])
  if (file.kind === 'absent')
    return E.left([
      Issue('BadValue', AT, path, file.reason, 'put the profile there, on every client that runs the task')
    ])
  if (dir !== undefined && !isWithin(clean(dir), clean(file.realPath))) {
    return E.left([
      RefusedBy(
        'seccomp_profile_dir',
        AT,
        path,
        `leads to ${file.realPath}; the plugin option \`seccomp_profile_dir\` wants it in ${dir}`
      )
    ])
  }
  const read = customProfile(file.text, on)
  if (E.isRight(read) && read.right.listenerPath !== undefined && dir === undefined) {
    return E.left([
      RefusedBy(
        'seccomp_profile_dir',
        `${AT}:listenerPath`,
        read.right.listenerPath,
        'is a socket that the runtime opens as root; such a profile must lie in the plugin option `seccomp_profile_dir`, which is not set'
      )
    ])
  }
  return E.isLeft(read)
    ? E.left(
        read.left.map(({ path: at, value, reason, hint: way }) =>
          Issue('BadValue', at === '' ? AT : `${AT}:${at}`, at === '' ? path : value, reason, way)
        )
      )
    : E.right({ _tag: 'Custom', path, digest: digestOf(file.text), filter: read.right })
}

const hint = (path: string): string =>
  `add to the facts file: "files": { ${JSON.stringify(path)}: { "kind": "file", "text": "{…}" } }`
