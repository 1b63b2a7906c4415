import { DocumentPath, inAllocation, inTask } from '../domain/DocumentPath'
import { matchesAny } from '../domain/glob'
import { Issue } from '../domain/Issue'
import { BLOCK_IO } from '../wanted/blockIO'
import { byPolicy, Decoded, Refusals } from './Decoded'
import { mayHave } from './devices'

/** Ceilings of the operator, sets of CPUs, raw cgroup settings, block I/O. */
export const limits = (decoded: Decoded): Refusals => [
  ...pids(decoded), ...memory(decoded), ...cpus(decoded), ...raw(decoded), ...blockIO(decoded)
]

const pids = ({ task: { pids_limit: wanted }, policy: { pids_limit: most } }: Decoded): Refusals =>
  wanted !== undefined && most !== undefined && (wanted <= 0 || wanted > most)
    ? [byPolicy(inTask('pids_limit'), wanted, 'pids_limit', `allows at most ${String(most)}`)]
    : []

const memory = ({ task, allocation, policy: { memory_hard_limit: most } }: Decoded): Refusals => {
  const given = allocation?.resources.allocatedResources.memory
  const reserved = given?.memoryMb ?? 0
  const refuse = (at: DocumentPath, megabytes: number): Refusals =>
    most !== undefined && megabytes > most
      ? [byPolicy(at, megabytes, 'memory_hard_limit', `allows at most ${String(most)} MB`)]
      : []
  return [
    ...refuse(inTask('memory_hard_limit'), task.memory_hard_limit ?? 0),
    ...refuse(inAllocation('resources', 'allocatedResources', 'memory', 'memoryMb'), reserved),
    ...refuse(inAllocation('resources', 'allocatedResources', 'memory', 'memoryMaxMb'), given?.memoryMaxMb ?? 0),
    ...tooManyBytes('memoryMb', reserved),
    ...tooManyBytes('memoryMaxMb', given?.memoryMaxMb ?? 0),
    ...belowReserved(task.memory_hard_limit, reserved)
  ]
}

const belowReserved = (limit: number | undefined, reserved: number): Refusals => {
  if (limit === undefined || limit >= reserved) return []
  const reason = `is below what \`resources\` reserves, ${String(reserved)} MB`
  return [Issue('BadValue', inTask('memory_hard_limit'), limit, reason)]
}

// 2^53 bytes.
const MAX_MB = 2 ** 33

const tooManyBytes = (field: string, megabytes: number): Refusals =>
  megabytes > MAX_MB
    ? [
        Issue(
          'BadValue',
          inAllocation('resources', 'allocatedResources', 'memory', field),
          megabytes,
          'is more megabytes than the kernel can count bytes'
        )
      ]
    : []

const LIST = /^\d{1,5}(?:-\d{1,5})?(?:,\d{1,5}(?:-\d{1,5})?)*$/

const isSet = (text: string): boolean =>
  LIST.test(text) && text.split(',').every((range) => {
    const [low, high = low] = range.split('-').map(Number)
    return (low ?? 0) <= (high ?? 0)
  })

const cpus = ({ task, allocation }: Decoded): Refusals => {
  const reserved = allocation?.resources.linuxResources.cpusetCpus ?? ''
  return [
    ...(['cpuset_cpus', 'cpuset_mems'] as const).flatMap((option) => wrongSet(option, task[option])),
    ...(reserved === '' || isSet(reserved) ? [] : [Issue('BadValue', NOMADS_CPUS, reserved, MUST_BE_SET)]),
    ...(task.cpuset_cpus !== undefined && reserved !== '' ? [twoSets(task.cpuset_cpus, reserved)] : [])
  ]
}

const NOMADS_CPUS = inAllocation('resources', 'linuxResources', 'cpusetCpus')
const MUST_BE_SET = 'must be numbers and ranges with commas'

const wrongSet = (option: string, text: string | undefined): Refusals =>
  text === undefined || isSet(text)
    ? []
    : [Issue('BadValue', inTask(option), text, `${MUST_BE_SET}, such as "0-3,7"`)]

const twoSets = (own: string, reserved: string): Issue => {
  const reason = `contradicts the cores that Nomad reserved, ${reserved}`
  return Issue('Conflict', inTask('cpuset_cpus'), own, reason, 'remove it, or `cores` of `resources`')
}

const FILE = /^[a-z]+(?:\.[A-Za-z0-9_-]+)+$/

/** Settings that other options make: a raw one would go round their policy. */
const GOVERNED: Readonly<Record<string, string>> = {
  'memory.max': 'resources { memory }',
  'memory.low': 'memory_reservation',
  'memory.swap.max': 'memory_swap',
  'pids.max': 'pids_limit',
  'cpu.max': 'cpu_hard_limit',
  'cpu.weight': 'resources { cpu }',
  'cpu.weight.nice': 'resources { cpu }',
  'cpuset.cpus': 'cpuset_cpus',
  'cpuset.mems': 'cpuset_mems',
  'io.weight': 'blkio_weight',
  'io.bfq.weight': 'blkio_weight',
  'io.max': 'device_read_bps'
}

const raw = ({ task: { cgroup_conf: conf }, policy }: Decoded): Refusals =>
  Object.entries(conf ?? {}).flatMap(([name, value]) => {
    const governed = Object.hasOwn(GOVERNED, name) ? GOVERNED[name] : undefined
    if (governed !== undefined)
      return [Issue('Conflict', inTask('cgroup_conf', name), value, `is set by \`${governed}\``, 'use that one')]
    if (!FILE.test(name) || name.startsWith('cgroup.')) {
      return [
        Issue('BadValue', inTask('cgroup_conf', name), value, 'is no setting of a controller, such as `memory.high`')
      ]
    }
    if (value === '') return [Issue('BadValue', inTask('cgroup_conf', name), value, 'must not be empty')]
    return matchesAny(policy.allow_cgroup_conf, name)
      ? []
      : [byPolicy(inTask('cgroup_conf', name), value, 'allow_cgroup_conf', `does not list \`${name}\``)]
  })

/** Whether the operator lets a task have the device of a block I/O limit: as for `devices`. */
const blockIO = ({ task, policy }: Decoded): Refusals =>
  BLOCK_IO.flatMap(({ option }) =>
    (task[option] ?? []).flatMap(({ place, written, value: { path } }) =>
      mayHave(path, { task, policy })
        ? []
        : [byPolicy(inTask(option, place), written, 'allow_devices', 'does not list it')]))
