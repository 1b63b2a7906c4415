import { Allocation } from '../decode/Allocation'
import { DocumentPath, inAllocation, inTask, under } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { clean, isAbsolute } from '../domain/path'
import { repeated } from '../domain/repetition'
import { holdsLogs } from '../wanted/allocationPaths'
import { bindPath } from '../wanted/bindPath'
import { INIT_TARGET } from '../wanted/init'
import { nomadMounts } from '../wanted/nomadMounts'
import { saysBind, WantedMount, wantedMounts } from '../wanted/wantedMounts'
import { byPolicy, Decoded, Refusals } from './Decoded'
import { MOST_HINTED, mountOptions } from './mountOptions'
import { allowed, source } from './mountSources'
import { target } from './mountTargets'
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

const isMapped = ({ task }: Decoded): boolean => task.userns?.value._tag === 'Mapped'

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

const blocks = ({ task }: Decoded): Refusals =>
  (task.mounts ?? []).flatMap((mount, index) => {
    const at = inTask('mounts', index)
    return [
      ...(mount.readonly && mount.options.includes('rw')
        ? [Issue('Conflict', under(at, 'readonly'), true, 'contradicts `rw` among the options')]
        : []),
      ...(mount.tmpfs_options !== undefined && mount.type !== 'tmpfs'
        ? [Issue('Conflict', under(at, 'tmpfs_options'), undefined, `belongs to a tmpfs, and this is a ${mount.type}`)]
        : []),
      ...(mount.bind_options !== undefined && mount.type === 'tmpfs'
        ? [Issue('Conflict', under(at, 'bind_options'), undefined, 'belongs to a bind, and this is a tmpfs')]
        : [])
    ]
  })

const twin = ({ target: path, at }: WantedMount): Refusals =>
  isAbsolute(path) ? [Issue('Conflict', at.target, path, 'another mount of the task stands there')] : []

const inTheWay = ({ target: path, at }: WantedMount, taken: ReadonlyMap<string, string>): Refusals => {
  const there = taken.get(clean(path))
  return there === undefined ? [] : [Issue('Conflict', at.target, path, there)]
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

const propagation = ({ options, at }: WantedMount, { policy }: Decoded): Refusals => {
  const shared = options.find((option) => option === 'shared' || option === 'rshared')
  return shared === undefined ? [] : notShared(at.options, shared, policy)
}

const notShared = (at: DocumentPath, shared: string, { volumes }: Policy): Refusals =>
  volumes.allow_shared_propagation
    ? []
    : [byPolicy(at, shared, 'volumes.allow_shared_propagation', 'is false on this host')]

/**
 * Nomad's volumes spread as the job's `volume_mount` asks: that is the operator's to allow, as for the job's own
 * mounts.
 */
const nomadsPropagation = ({ allocation, policy }: Decoded): Refusals =>
  (allocation?.mounts ?? []).flatMap(({ propagationMode: mode }, index) =>
    mode === 'bidirectional' ? notShared(inAllocation('mounts', index, 'propagationMode'), mode, policy) : [])
