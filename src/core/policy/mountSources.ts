import { Issue } from '../domain/Issue'
import { clean, isAbsolute } from '../domain/path'
import { bindPath } from '../wanted/bindPath'
import { WantedMount } from '../wanted/wantedMounts'
import { byPolicy, Decoded, Refusals } from './Decoded'
import { hostPathRefusal } from './hostPaths'

/** What is wrong with the source of a mount, whoever wants it. */
export const source = (mount: WantedMount): Refusals => {
  const issue = wrongSource(mount)
  if (issue === undefined) return []
  const [tag, reason, hint] = issue
  return [Issue(tag, mount.at.source, mount.source === '' ? undefined : mount.source, reason, hint)]
}

const VOLUME_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/

const wrongSource = ({
  type,
  source: text
}: WantedMount): readonly ['Missing' | 'BadValue', string, string?] | undefined => {
  switch (type) {
    case 'tmpfs':
      return undefined
    case 'bind':
      return text === '' ? ['Missing', 'a bind mount needs a host path'] : undefined
    case 'volume':
      if (text === '') return ['Missing', 'a volume needs a name, or an absolute host path']
      return isAbsolute(text) || VOLUME_NAME.test(text)
        ? undefined
        : [
            'BadValue',
            'is no volume name (letters, digits, `_`, `.`, `-`)',
            'use `type = "bind"` for a path below the task directory'
          ]
  }
}

/**
 * Whether the operator lets a task have this source. A relative source of a bind stays in the allocation, which needs
 * no leave.
 */
export const allowed = (mount: WantedMount, { policy, allocation }: Decoded): Refusals => {
  const { type, source: text, at } = mount
  if (type === 'tmpfs' || text === '') return []
  if (isAbsolute(text)) return hostPathRefusal(clean(text), text, at.source, policy, allocation)
  if (type === 'volume')
    return policy.volumes.enabled
      ? []
      : [byPolicy(at.source, text, 'volumes.enabled', 'is false on this host: no named volumes')]
  const path = allocation === undefined ? undefined : bindPath(allocation, mount)
  return path === undefined ? [] : hostPathRefusal(path, text, at.source, policy, allocation)
}
