import { Allocation } from '../../decode/Allocation'
import { Issue } from '../../domain/Issue'
import { clean, isAbsolute } from '../../domain/path'
import { repeated } from '../../domain/repeated'
import { holdsLogs } from '../allocationPaths'
import { bindPath, hostPathRefusal } from '../hostPaths'
import { INIT_TARGET } from '../init'
import { nomadMounts } from '../nomadMounts'
import { fromShort, saysBind, WantedMount, wantedMounts } from '../wantedMounts'
import { byPolicy, Decoded, Refusals } from './Decoded'
import { MOST_HINTED, mountOptions } from './mountOptions'
import { Policy } from './Policy'

/**
 * Every refusal of a mount that needs no answer: where it goes, what it names, what stands there already, whether it
 * may.
 */
export const mounts = (decoded: Decoded): Refusals => {
  const wanted = wantedMounts(decoded.task)
  const taken = placesOf(decoded, wanted)
  const twins = repeated(wanted.map(({ target: path }) => (isAbsolute(path) ? clean(path) : path)))
  return [
    ...short(decoded),
    ...blocks(decoded),
    ...nomadsPropagation(decoded),
    ...wanted.flatMap((mount, index) => [
      ...target(mount),
      ...source(mount),
      ...notBound(mount),
      ...allowed(mount, decoded),
      ...propagation(mount, decoded),
      ...mountOptions(mount, isMapped(decoded), index < MOST_HINTED),
      ...(twins[index] === true ? twin(mount) : []),
      ...inTheWay(mount, taken)
    ])
  ]
}

const isMapped = ({ task }: Decoded): boolean => !['', 'host', undefined].includes(task.userns)

const placesOf = ({ allocation, task }: Decoded, wanted: ReadonlyArray<WantedMount>): ReadonlyMap<string, string> =>
  new Map([
    ...(allocation === undefined
      ? []
      : nomadMounts(allocation).map(({ destination }): readonly [string, string] => [
          destination,
          'Nomad mounts something of its own there'
        ])),
    ...(allocation === undefined
      ? []
      : logsPlaces(wanted, allocation).map((place): readonly [string, string] => [place, LOGS])),
    ...(task.init === true ? [[INIT_TARGET, 'the init of `init = true` stands there'] as const] : [])
  ])

const LOGS = 'the logs of the allocation are mounted there, read-only'

/** Where the logs are on top of a mount of the job's that holds them. */
const logsPlaces = (wanted: ReadonlyArray<WantedMount>, allocation: Allocation): ReadonlyArray<string> =>
  wanted.flatMap((mount) => {
    const path = bindPath(allocation, mount)
    return path === undefined || !holdsLogs(allocation, path) ? [] : [clean(`${mount.target}/logs`)]
  })

const short = ({ task }: Decoded): Refusals =>
  (task.volumes ?? []).flatMap((text, index) => {
    const at = `task.volumes[${String(index)}]`
    return fromShort(text, at) === undefined
      ? [Issue('BadValue', at, text, 'must be `source:target` or `source:target:options`')]
      : []
  })

const blocks = ({ task }: Decoded): Refusals =>
  (task.mounts ?? []).flatMap((mount, index) => {
    const at = `task.mounts[${String(index)}]`
    return [
      ...(mount.readonly && mount.options.includes('rw')
        ? [Issue('Conflict', `${at}.readonly`, true, 'contradicts `rw` among the options')]
        : []),
      ...(mount.tmpfs_options !== undefined && mount.type !== 'tmpfs'
        ? [Issue('Conflict', `${at}.tmpfs_options`, undefined, `belongs to a tmpfs, and this is a ${mount.type}`)]
        : []),
      ...(mount.bind_options !== undefined && mount.type === 'tmpfs'
        ? [Issue('Conflict', `${at}.bind_options`, undefined, 'belongs to a bind, and this is a tmpfs')]
        : [])
    ]
  })

const twin = ({ target: path, at }: WantedMount): Refusals =>
  isAbsolute(path) ? [Issue('Conflict', at.target, path, 'another mount of the task stands there')] : []

const inTheWay = ({ target: path, at }: WantedMount, taken: ReadonlyMap<string, string>): Refusals => {
  const there = taken.get(clean(path))
  return there === undefined ? [] : [Issue('Conflict', at.target, path, there)]
}

const target = (mount: WantedMount): Refusals => {
  const { target: path, at } = mount
  const wrong = wrongTarget(path)
  if (wrong !== undefined) return [Issue('BadValue', at.target, path, wrong)]
  const whole = isHostsOwn(mount) ? undefined : wholeOfKernel(path)
  return whole === undefined
    ? []
    : [
        Issue(
          'BadValue',
          at.target,
          path,
          whole,
          "mount below it; or bind the host's own there, where the operator lets it"
        )
      ]
}

/** cAdvisor and the like show the host's /sys at /sys: whoever may bind that path has it anyway. */
const isHostsOwn = ({ type, source: text, target: path }: WantedMount): boolean =>
  type !== 'tmpfs' && isAbsolute(text) && clean(text) === clean(path)

/**
 * What is wrong with a place that is all of what the kernel or the runtime puts into a container: the masks in it would
 * be gone.
 */
export const wholeOfKernel = (path: string): string | undefined => {
  const place = clean(path)
  return ['/dev', '/sys'].includes(place)
    ? `must not be the whole of ${place}: what is hidden in it would show`
    : undefined
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
    ? [
        Issue(
          'Conflict',
          at.options,
          options,
          'binds, and a tmpfs has nothing to bind',
          'remove `bind` and `rbind`, or use `type = "bind"`'
        )
      ]
    : []

const VOLUME_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/

const wrongSource = ({
  type,
  source: text
}: WantedMount): readonly ['Missing' | 'BadValue', string, string?] | undefined => {
  switch (type) {
    case 'tmpfs':
      return text === '' || text === 'tmpfs' ? undefined : ['BadValue', 'a tmpfs has no source', 'leave it out']
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
const allowed = (mount: WantedMount, { policy, allocation }: Decoded): Refusals => {
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

const propagation = ({ options, at }: WantedMount, { policy }: Decoded): Refusals => {
  const shared = options.find((option) => option === 'shared' || option === 'rshared')
  return shared === undefined ? [] : notShared(at.options, shared, policy)
}

const notShared = (at: string, shared: string, { volumes }: Policy): Refusals =>
  volumes.allow_shared_propagation
    ? []
    : [byPolicy(at, shared, 'volumes.allow_shared_propagation', 'is false on this host')]

/**
 * Nomad's volumes spread as the job's `volume_mount` asks: that is the operator's to allow, as for the job's own
 * mounts.
 */
const nomadsPropagation = ({ allocation, policy }: Decoded): Refusals =>
  (allocation?.mounts ?? []).flatMap(({ propagationMode: mode }, index) =>
    mode === 'bidirectional' ? notShared(`allocation.mounts[${String(index)}].propagationMode`, mode, policy) : [])
