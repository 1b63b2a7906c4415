import { MountConfig } from '../decode/TaskConfig'
import { Issue } from '../domain/Issue'
import { clean, isAbsolute, isWithin } from '../domain/path'

const VOLUME_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/

/** Every refusal of a mount that needs no answer: where it goes, what it names, what stands there already (`nomads`: Nomad's places). */
export const mountPolicy = (mounts: ReadonlyArray<MountConfig>, nomads: ReadonlySet<string>): ReadonlyArray<Issue> =>
  mounts.flatMap((mount, index) => {
    const at = `task.mounts[${String(index)}]`
    const twin = mounts.slice(0, index).some(({ target }) => clean(target) === clean(mount.target))
    return [
      ...target(mount, at),
      ...source(mount, at),
      ...(twin ? [Issue('Conflict', `${at}.target`, mount.target, 'another mount of the task stands there')] : []),
      ...(nomads.has(clean(mount.target)) ? [Issue('Conflict', `${at}.target`, mount.target, 'Nomad mounts something of its own there')] : [])
    ]
  })

const target = (mount: MountConfig, at: string): ReadonlyArray<Issue> => {
  const wrong = wrongTarget(mount.target)
  return wrong === undefined ? [] : [Issue('BadValue', `${at}.target`, mount.target, wrong)]
}

/** What is wrong with a place in the container as the target of a mount. */
export const wrongTarget = (path: string): string | undefined => {
  if (!isAbsolute(path)) return 'must be an absolute path in the container'
  if (clean(path) === '/') return 'must not be the root of the container'
  // runc refuses mounts below /proc, whatever their source.
  return isWithin('/proc', clean(path)) ? 'must not lie below /proc' : undefined
}

const source = (mount: MountConfig, at: string): ReadonlyArray<Issue> => {
  const issue = wrongSource(mount)
  if (issue === undefined) return []
  const [tag, reason, hint] = issue
  return [Issue(tag, `${at}.source`, mount.source === '' ? undefined : mount.source, reason, hint)]
}

const wrongSource = ({ type, source }: MountConfig): readonly ['Missing' | 'BadValue', string, string?] | undefined => {
  switch (type) {
    case 'tmpfs':
      return source === '' || source === 'tmpfs' ? undefined : ['BadValue', 'a tmpfs has no source', 'leave it out']
    case 'bind':
      return source === '' ? ['Missing', 'a bind mount needs a host path'] : undefined
    case 'volume':
      if (source === '') return ['Missing', 'a volume needs a name, or an absolute host path']
      return isAbsolute(source) || VOLUME_NAME.test(source)
        ? undefined
        : ['BadValue', 'is no volume name (letters, digits, `_`, `.`, `-`)', 'use `type = "bind"` for a path below the task directory']
  }
}
