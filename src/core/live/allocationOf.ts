import { isSame } from '../domain/DocumentPath'
import { isRecord } from '../domain/isRecord'
import { NODE, NOMAD } from '../domain/labels'
import { Resources } from '../domain/Resources'
import { Place } from '../job/Job'
import { FromJob, NETWORK, toDocumentsWith, VOLUME_MOUNT } from '../job/toDocuments'
import { hostsConfigOf } from './hostsConfigOf'
import { envOf, knownOf } from './knownOf'
import { identityOf, Live } from './Live'
import { volumesOf } from './volumesOf'

/** The cores of the host, and how many lines the job itself adds to /etc/hosts. */
export interface Around {
  readonly cpuCores: number
  readonly extraHosts: number
}

type Document = Readonly<Record<string, unknown>>

/**
 * The documents of a job's task as Nomad would send them for the allocation of this container: compiled, only real
 * drift is left. `cpuCores` are the host's.
 */
export const documentsOf = (place: Place, live: Live, cpuCores: number): FromJob => {
  const made = toDocumentsWith(place, knownOf(place, live))
  const { documents } = made
  const extra =
    isRecord(documents.task) && Array.isArray(documents.task['extra_hosts']) ? documents.task['extra_hosts'].length : 0
  const volumes = volumesOf(place, live)
  const known = volumes.length === 0 ? [NETWORK] : [NETWORK, VOLUME_MOUNT]
  return {
    documents: {
      task: documents.task,
      allocation: {
        ...allocationOf(documents.allocation, live, { cpuCores, extraHosts: extra }),
        ...(volumes.length === 0 ? {} : { mounts: volumes })
      }
    },
    notices: made.notices.filter(({ at }) => !known.some((one) => isSame(one, at))),
    spread: made.spread
  }
}

/**
 * A task message with the identity, directories, cgroup, network and output of this container in the place of its own.
 * What the job decides (names, resources, environment) stays as it is.
 */
export const allocationOf = (sample: unknown, live: Live, around: Around): Document => {
  const given: Document = isRecord(sample) ? sample : {}
  const identity = identityOf(live.container.labels)
  const allocDir = allocDirOf(live) ?? textOf(given, 'allocDir')
  const moved = (path: string): string => path.replace(`${textOf(given, 'allocDir')}/`, () => `${allocDir}/`)
  return {
    ...given,
    ...(identity === undefined ? {} : { id: identity.owner, allocId: identity.allocId, name: identity.task }),
    ...labelled(live, { node_name: 'nodeName', parent_job_id: 'parentJobId' }),
    nodeId: live.container.labels[NODE] ?? live.container.labels[`${NOMAD}node_id`] ?? '',
    allocDir,
    namespace: envOf(live)['NOMAD_NAMESPACE'] ?? textOf(given, 'namespace'),
    stdoutPath: live.io?.stdout ?? moved(textOf(given, 'stdoutPath')),
    // With a terminal all of it is on stdout, and containerd keeps no path of the other.
    stderrPath: live.io === undefined || live.io.terminal ? moved(textOf(given, 'stderrPath')) : live.io.stderr,
    resources: resourcesOf(isRecord(given['resources']) ? given['resources'] : {}, live, around.cpuCores),
    ...networkOf(given['networkIsolationSpec'], live, around.extraHosts)
  }
}

const textOf = (document: Document, key: string): string => (typeof document[key] === 'string' ? document[key] : '')

/** The directory of the allocation: what is mounted where NOMAD_ALLOC_DIR says is its `alloc`. */
const allocDirOf = (live: Pick<Live, 'spec'>): string | undefined => {
  const destination = envOf(live)['NOMAD_ALLOC_DIR'] ?? '/alloc'
  const source = live.spec.mounts.find((mount) => mount.destination === destination)?.source
  return source?.endsWith('/alloc') === true ? source.slice(0, -'/alloc'.length) : undefined
}

/** What `extra_labels` kept of Nomad's names. */
const labelled = ({ container: { labels } }: Live, names: Readonly<Record<string, string>>): Document =>
  Object.fromEntries(
    Object.entries(names).flatMap(([label, field]) =>
      labels[`${NOMAD}${label}`] === undefined ? [] : [[field, labels[`${NOMAD}${label}`]]]
    )
  )

const resourcesOf = (given: Document, live: Live, cpuCores: number): Document => {
  const linux = isRecord(given['linuxResources']) ? given['linuxResources'] : {}
  const env = envOf(live)
  const cores = textOf(linux, 'cpusetCpus')
  const liveCores = env['NOMAD_CPU_CORES'] ?? (cpuOf(live).cpus ?? '')
  // Which cores is the client's choice, and how many MHz they have; how many cores is the job's.
  const sameCores = cores !== '' && countOf(liveCores) === countOf(cores)
  const mhz = Number(env['NOMAD_CPU_LIMIT'])
  return {
    ...given,
    linuxResources: {
      ...linux,
      ...(sameCores ? { cpusetCpus: liveCores, ...(mhz > 0 ? { cpuShares: mhz } : {}) } : {}),
      ...ticksOf(sameCores ? mhz : Number(linux['cpuShares']), live, cpuCores),
      cpusetCgroup: cgroupOf(live)
    },
    ...(Array.isArray(given['ports']) ? { ports: given['ports'].map((port: unknown) => portOf(port, env)) } : {})
  }
}

// Another client's container may have no limits at all.
const cpuOf = ({
  spec: {
    linux: { resources }
  }
}: Live): Partial<Resources['cpu']> => (resources as Partial<Resources>).cpu ?? {}

/**
 * The part of all CPU that Nomad reckoned the task's MHz to be, from a container with a hard limit: its quota is that
 * part of the period on every core, rounded down. Other MHz are another part, in proportion.
 */
const ticksOf = (mhz: number, live: Live, cpuCores: number): Document => {
  const { quota = 0, period = 0 } = cpuOf(live)
  const before = Number(envOf(live)['NOMAD_CPU_LIMIT'])
  return quota > 0 && period > 0 && cpuCores > 0 && before > 0 && mhz > 0
    ? { PercentTicks: ((quota / cpuCores + HALF) / period) * (mhz / before) }
    : {}
}

const HALF = 0.5

/** How many cores a list such as `0-2,5` names. */
const countOf = (cores: string): number =>
  cores.split(',').filter((part) => part !== '').reduce((sum, part) => {
    const [first = 0, last = first] = part.split('-').map(Number)
    return sum + last - first + 1
  }, 0)

const portOf = (port: unknown, env: Readonly<Record<string, string>>): unknown => {
  if (!isRecord(port)) return port
  const value = Number(env[`NOMAD_HOST_PORT_${textOf(port, 'label').replace(/[^A-Za-z0-9_]/g, '_')}`])
  return value > 0 ? { ...port, value } : port
}

const ROOT = '/sys/fs/cgroup'

/**
 * What Nomad called the task's cgroup, so that the spec has this container's: on v2 the path itself; on v1 a parent in
 * the cpuset hierarchy, below which the container has its own name. Nothing where the driver took `/nomad`.
 */
const cgroupOf = ({
  spec: {
    linux: { cgroupsPath }
  },
  container: { id }
}: Live): string => {
  if (cgroupsPath === '' || cgroupsPath === `/nomad/${id}`) return ''
  return cgroupsPath.endsWith(`/${id}`)
    ? `${ROOT}/cpuset${cgroupsPath.slice(0, -id.length)}share`
    : `${ROOT}${cgroupsPath}`
}

const networkOf = (given: unknown, live: Live, extraHosts: number): Document => {
  const netns = live.spec.linux.namespaces.find(({ type }) => type === 'network')?.path ?? ''
  if (!isRecord(given) || netns === '') return {}
  const hostsConfig = hostsConfigOf(live, extraHosts)
  return { networkIsolationSpec: { ...given, path: netns, ...(hostsConfig === undefined ? {} : { hostsConfig }) } }
}
