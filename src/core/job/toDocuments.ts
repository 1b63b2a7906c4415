import { fromHcl } from '../decode/fromHcl'
import * as TaskConfig from '../decode/TaskConfig'
import { inAllocation, inJobFile, inTask } from '../domain/DocumentPath'
import { Notice } from '../domain/Notice'
import { Reference } from '../domain/Unknown'
import { expand, namesIn, unknownNotices } from './interpolate'
import { Place } from './Job'
import { coreList, nomadEnv, resourcesOf, SAMPLE } from './sample'

/** A task of a job as the driver would receive it on the sample host, and what could not be known. */
export interface FromJob {
  readonly documents: {
    readonly task: unknown
    readonly allocation: unknown
    readonly unknown?: ReadonlyArray<Reference>
  }
  readonly notices: ReadonlyArray<Notice>
  /** Values of the task's own environment that stand in its config too, by name. */
  readonly spread: Readonly<Record<string, string>>
}

/** Turns a task of a job into the two documents that Nomad sends: config and task message. */
export const toDocuments = (place: Place): FromJob => toDocumentsWith(place, nomadEnv(place))

/**
 * The same with what a client knows in the place of the sample's: `known` is the environment that Nomad makes, without
 * the task's own.
 */
export const toDocumentsWith = (place: Place, known: Readonly<Record<string, string>>): FromJob => {
  const own = expand(place.task.Env ?? {}, known, inJobFile('env'))
  const env = { ...known, ...texts(own.value) }
  const written = fromHcl(TaskConfig.fields, place.task.Config ?? {})
  const config = expand(written, env, inTask())
  const user = expand(place.task.User ?? '', env, inAllocation('user'))
  const unknown = [...config.unknown, ...own.unknown, ...user.unknown]
  return {
    documents: {
      task: config.value,
      allocation: allocation(place, env, user.value),
      ...(unknown.length === 0 ? {} : { unknown })
    },
    notices: [
      ...unknownNotices(unknown),
      ...networkNotices(place),
      ...givenNotices(place)
    ],
    spread: spreadOf(texts(own.value), [written, place.task.User])
  }
}

const spreadOf = (own: Readonly<Record<string, string>>, written: unknown): FromJob['spread'] =>
  Object.fromEntries(namesIn(written).flatMap((name) => (Object.hasOwn(own, name) ? [[name, own[name] ?? '']] : [])))

const allocation = (place: Place, env: Readonly<Record<string, string>>, user: unknown): unknown => {
  const { job, group, task } = place
  const logs = `${SAMPLE.allocRoot}/${SAMPLE.allocId}/alloc/logs/.${task.Name}`
  return {
    id: `${SAMPLE.allocId}/${task.Name}/${SAMPLE.invocation}`,
    name: task.Name,
    allocId: SAMPLE.allocId,
    allocDir: `${SAMPLE.allocRoot}/${SAMPLE.allocId}`,
    jobName: job.Name ?? job.ID,
    jobId: job.ID,
    taskGroupName: group.Name,
    namespace: job.Namespace ?? 'default',
    nodeId: SAMPLE.nodeId,
    nodeName: SAMPLE.nodeName,
    env,
    user,
    stdoutPath: `${logs}.stdout.fifo`,
    stderrPath: `${logs}.stderr.fifo`,
    resources: resources(place),
    ...isolation(place)
  }
}

const MIB = 1024 * 1024

const resources = (place: Place): unknown => {
  const { cpu, cores, memory, max } = resourcesOf(place)
  const slice = cores > 0 ? 'reserve.slice' : 'share.slice'
  return {
    allocatedResources: { cpu: { cpuShares: cpu }, memory: { memoryMb: memory, memoryMaxMb: max } },
    linuxResources: {
      cpuShares: cpu,
      memoryLimitBytes: Math.max(memory, max) * MIB,
      cpusetCpus: coreList(cores),
      cpusetCgroup: `/sys/fs/cgroup/${SAMPLE.parentCgroup}/${slice}/${SAMPLE.allocId}.${place.task.Name}.scope`
    },
    ports: portsOf(place)
  }
}

/** The group's ports. A dynamic one has the sample's number on the host: the first is 20000. */
const portsOf = ({ group }: Place): ReadonlyArray<object> =>
  (group.Networks ?? []).flatMap(({ ReservedPorts, DynamicPorts }) => [
    ...(ReservedPorts ?? []).map(({ Label, Value, To }) => ({ label: Label, value: Value ?? 0, to: To ?? 0 })),
    ...(DynamicPorts ?? []).map(({ Label, To }, index) => ({
      label: Label,
      value: SAMPLE.firstPort + index,
      to: To ?? 0
    }))
  ])

const modeOf = ({ group }: Place): string => group.Networks?.[0]?.Mode ?? 'host'

const isolation = (place: Place): object => ({
  ...(['', 'host'].includes(modeOf(place))
    ? {}
    : { networkIsolationSpec: { mode: 'GROUP', path: `/var/run/netns/${SAMPLE.allocId}` } }),
  ...dns(place)
})

const dns = ({ group }: Place): object => {
  const given = group.Networks?.[0]?.DNS
  return given === undefined || given === null
    ? {}
    : { dns: { servers: given.Servers ?? [], searches: given.Searches ?? [], options: given.Options ?? [] } }
}

/** What only a client knows; whoever knows it leaves the notices out. */
export const NETWORK = inJobFile('network')
export const VOLUME_MOUNT = inJobFile('volume_mount')
const DEVICE = inJobFile('resources', 'device')

const networkNotices = (place: Place): ReadonlyArray<Notice> => [
  ...(portsOf(place).length > 0
    ? [Notice(NETWORK, 'ports and addresses are given by Nomad; their NOMAD_ variables are not in this environment')]
    : []),
  ...((place.group.Networks?.[0]?.Hostname ?? '') === '' ? [] : [Notice(inJobFile('network', 'hostname'), HOSTNAME)])
]

// Nomad asks for a driver that makes networks itself (MustInitiateNetwork) when a group names its host.
const HOSTNAME =
  'Nomad refuses an allocation with it unless the driver makes the networks of groups: use `hostname` of the task, which is in its `/etc/hosts` too'

/** What Nomad puts into the container itself: a job file does not say from where on the host. */
const givenNotices = ({ task }: Place): ReadonlyArray<Notice> => [
  ...((task.VolumeMounts ?? []).length > 0
    ? [Notice(VOLUME_MOUNT, 'what Nomad mounts for it is known only on a client; it is not in this spec')]
    : []),
  ...((task.Resources?.Devices ?? []).length > 0
    ? [Notice(DEVICE, 'what a device plugin gives is known only on a client; it is not in this spec')]
    : [])
]

const texts = (value: unknown): Readonly<Record<string, string>> =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]))
    : {}
