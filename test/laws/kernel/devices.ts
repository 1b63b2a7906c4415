import { Device, Spec } from '../../../src/core/domain/Oci'
import { DeviceRule } from '../../../src/core/domain/Resources'
import { Breaches, holds, same } from './Breach'
import { EPERM, Report, SeenDevice } from './Report'

type Numbered = Pick<SeenDevice, 'type' | 'major' | 'minor'>

const c = (major: number, minor: number): Numbered => ({ type: 'c', major, minor })

// What runc allows after the rules of the spec, in every version.
const ALWAYS: ReadonlyArray<DeviceRule> = [
  { allow: true, access: 'm', type: 'c' }, { allow: true, access: 'm', type: 'b' },
  ...[[1, 3], [1, 5], [1, 7], [1, 8], [1, 9], [5, 0], [5, 2]].map(([major = 0, minor = 0]) => ({ allow: true, access: 'rwm', type: 'c', major, minor })),
  { allow: true, access: 'rwm', type: 'c', major: 136 }
]

/** Devices to ask about beside those of the rules: /dev/mem, kmsg, fuse, a loop device, a disk; and two that always work. */
const SAMPLE: ReadonlyArray<Numbered> = [c(1, 1), c(1, 11), c(10, 229), { type: 'b', major: 7, minor: 0 }, { type: 'b', major: 8, minor: 0 }, c(1, 3), c(1, 5)]

/** The devices whose access shows whether the rules hold. */
export const numbersToAsk = ({ linux }: Spec): ReadonlyArray<Numbered> => {
  const named = linux.resources.devices.flatMap(({ type, major, minor }) =>
    (type === 'c' || type === 'b') && isNumber(major) && isNumber(minor) ? [{ type, major, minor }] : []
  )
  return [...new Map([...SAMPLE, ...named].map((one) => [`${one.type}${one.major}:${one.minor}`, one])).values()]
}

const isNumber = (part: number | undefined): part is number => part !== undefined && part >= 0

/** Whether the device cgroup lets a device be read or written: the last rule that fits decides. */
export const isAllowed = (rules: ReadonlyArray<DeviceRule>, device: Numbered, access: 'r' | 'w'): boolean =>
  [...rules, ...ALWAYS].filter((rule) => fits(rule, device) && rule.access.includes(access)).at(-1)?.allow ?? true

const fits = ({ type = 'a', major, minor }: DeviceRule, device: Numbered): boolean =>
  (type === 'a' || type === device.type) && (!isNumber(major) || major === device.major) && (!isNumber(minor) || minor === device.minor)

/** The nodes of the spec, who may use them, and that nothing else can be used. */
export const devices = (spec: Spec, report: Report): Breaches => [
  ...(spec.linux.devices ?? []).flatMap((one) => node(one, report.devices.find(({ path }) => path === one.path), spec.linux.uidMappings === undefined)),
  ...report.devices.filter(({ absent, type }) => !absent && (type === 'c' || type === 'b')).flatMap((one) => access(spec, one)),
  ...Object.entries(report.opens).flatMap(([path, errno]) => (hasOwnDev(spec) ? same(`open ${path}`, 0, errno) : []))
]

const hasOwnDev = ({ mounts }: Spec): boolean => mounts.some(({ destination, type }) => destination === '/dev' && type === 'tmpfs')

// No user namespace may make nodes: runc binds the host's there, with the mode and the owner that they have.
const node = (promised: Device, seen: SeenDevice | undefined, made: boolean): Breaches => {
  const at = `linux.devices ${promised.path}`
  if (seen === undefined || seen.absent) return same(at, 'a node', 'none')
  const { type, major, minor, fileMode, uid, gid } = promised
  return [
    ...same(at, `${type} ${major}:${minor}`, `${seen.type.replace('u', 'c')} ${seen.major}:${seen.minor}`),
    ...(made ? same(`${at} fileMode`, fileMode.toString(8), seen.mode.toString(8)) : []),
    ...(made ? same(`${at} owner`, `${uid}:${gid}`, `${seen.uid}:${seen.gid}`) : [])
  ]
}

// EPERM is the device cgroup's answer; EACCES is the file mode's, which says nothing about the rules.
const access = ({ linux: { resources } }: Spec, seen: SeenDevice): Breaches =>
  (['read', 'write'] as const).flatMap((way) => {
    const allowed = isAllowed(resources.devices, seen, way === 'read' ? 'r' : 'w')
    const at = `linux.resources.devices ${seen.type} ${seen.major}:${seen.minor} ${way}`
    return holds(at, allowed ? 'allowed' : 'refused', allowed ? seen[way] !== EPERM : seen[way] !== 0, seen[way])
  })
