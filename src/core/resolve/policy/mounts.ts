import { Issue } from '../../domain/Issue'
import { clean, isAbsolute } from '../../domain/path'
import { repeated } from '../../domain/repeated'
import { hostPathRefusal } from '../hostPaths'
import { INIT_TARGET } from '../init'
import { nomadMounts } from '../nomadMounts'
import { fromShort, saysBind, WantedMount, wantedMounts } from '../wantedMounts'
import { byPolicy, Decoded, Refusals } from './Decoded'
import { MOST_HINTED, mountOptions } from './mountOptions'

/** Every refusal of a mount that needs no answer: where it goes, what it names, what stands there already, whether it may. */
export const mounts = (decoded: Decoded): Refusals => {
  const wanted = wantedMounts(decoded.task)
  const taken = placesOf(decoded)
  const twins = repeated(wanted.map(({ target: path }) => (isAbsolute(path) ? clean(path) : path)))
  return [
    ...short(decoded), ...blocks(decoded),
    ...wanted.flatMap((mount, index) => [
      ...target(mount), ...source(mount), ...notBound(mount), ...allowed(mount, decoded), ...propagation(mount, decoded),
      ...mountOptions(mount, isMapped(decoded), index < MOST_HINTED), ...(twins[index] === true ? twin(mount) : []), ...inTheWay(mount, taken)
    ])
  ]
}

const isMapped = ({ task }: Decoded): boolean => !['', 'host', undefined].includes(task.userns)

const placesOf = ({ allocation, task }: Decoded): ReadonlyMap<string, string> =>
  new Map([
    ...(allocation === undefined ? [] : nomadMounts(allocation).map(({ destination }): readonly [string, string] => [destination, 'Nomad mounts something of its own there'])),
    ...(task.init === true ? [[INIT_TARGET, 'the init of `init = true` stands there'] as const] : [])
  ])

const short = ({ task }: Decoded): Refusals =>
  (task.volumes ?? []).flatMap((text, index) => {
    const at = `task.volumes[${String(index)}]`
    return fromShort(text, at) === undefined ? [Issue('BadValue', at, text, 'must be `source:target` or `source:target:options`')] : []
  })

const blocks = ({ task }: Decoded): Refusals =>
  (task.mounts ?? []).flatMap((mount, index) => {
    const at = `task.mounts[${String(index)}]`
    return [
      ...(mount.readonly && mount.options.includes('rw') ? [Issue('Conflict', `${at}.readonly`, true, 'contradicts `rw` among the options')] : []),
      ...(mount.tmpfs_options !== undefined && mount.type !== 'tmpfs' ? [Issue('Conflict', `${at}.tmpfs_options`, undefined, `belongs to a tmpfs, and this is a ${mount.type}`)] : []),
      ...(mount.bind_options !== undefined && mount.type === 'tmpfs' ? [Issue('Conflict', `${at}.bind_options`, undefined, 'belongs to a bind, and this is a tmpfs')] : [])
    ]
  })

const twin = ({ target: path, at }: WantedMount): Refusals =>
  isAbsolute(path) ? [Issue('Conflict', at.target, path, 'another mount of the task stands there')] : []

const inTheWay = ({ target: path, at }: WantedMount, taken: ReadonlyMap<string, string>): Refusals => {
  const there = taken.get(clean(path))
  return there === undefined ? [] : [Issue('Conflict', at.target, path, there)]
}

const target = ({ target: path, at }: WantedMount): Refusals => {
  const wrong = wrongTarget(path)
  return wrong === undefined ? [] : [Issue('BadValue', at.target, path, wrong)]
}

/** What is wrong with a place in the container as the target of a mount. */
export const wrongTarget = (path: string): string | undefined => {
  if (!isAbsolute(path)) return 'must be an absolute path in the container'
  const place = clean(path)
  if (place === '/') return 'must not be the root of the container'
  // runc refuses mounts below /proc, whatever their source.
  return place === '/proc' || place.startsWith('/proc/') ? 'must not lie below /proc' : undefined
}

const source = (mount: WantedMount): Refusals => {
  const issue = wrongSource(mount)
  if (issue === undefined) return []
  const [tag, reason, hint] = issue
  return [Issue(tag, mount.at.source, mount.source === '' ? undefined : mount.source, reason, hint)]
}

// runc binds whatever has the option, so a tmpfs would become a directory of the bundle.
const notBound = ({ type, options, at }: WantedMount): Refusals =>
  type === 'tmpfs' && saysBind(options)
    ? [Issue('Conflict', at.options, options, 'binds, and a tmpfs has nothing to bind', 'remove `bind` and `rbind`, or use `type = "bind"`')]
    : []

const VOLUME_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/

const wrongSource = ({ type, source: text }: WantedMount): readonly ['Missing' | 'BadValue', string, string?] | undefined => {
  switch (type) {
    case 'tmpfs':
      return text === '' || text === 'tmpfs' ? undefined : ['BadValue', 'a tmpfs has no source', 'leave it out']
    case 'bind':
      return text === '' ? ['Missing', 'a bind mount needs a host path'] : undefined
    case 'volume':
      if (text === '') return ['Missing', 'a volume needs a name, or an absolute host path']
      return isAbsolute(text) || VOLUME_NAME.test(text)
        ? undefined
        : ['BadValue', 'is no volume name (letters, digits, `_`, `.`, `-`)', 'use `type = "bind"` for a path below the task directory']
  }
}

/** Whether the operator lets a task have this source. A relative source of a bind stays in the allocation, which needs no leave. */
const allowed = ({ type, source: text, at }: WantedMount, { policy, allocation }: Decoded): Refusals => {
  if (type === 'tmpfs' || text === '') return []
  if (!isAbsolute(text)) {
    return type === 'volume' && !policy.volumes.enabled ? [byPolicy(at.source, text, 'volumes.enabled', 'is false on this host: no named volumes')] : []
  }
  return hostPathRefusal(clean(text), text, at.source, policy, allocation)
}

const propagation = ({ options, at }: WantedMount, { policy }: Decoded): Refusals => {
  const shared = options.find((option) => option === 'shared' || option === 'rshared')
  return shared === undefined || policy.volumes.allow_shared_propagation
    ? []
    : [byPolicy(at.options, shared, 'volumes.allow_shared_propagation', 'is false on this host')]
}
