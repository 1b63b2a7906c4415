import { Place } from './Job'

/** What a job file cannot say: the one documented sample of identity and directories (docs/sample.md). */
export const SAMPLE = {
  allocId: '00000000-0000-4000-8000-000000000001',
  invocation: '00000000',
  nodeId: '00000000-0000-4000-8000-000000000002',
  nodeName: 'sample',
  allocRoot: '/var/lib/nomad/alloc',
  parentCgroup: 'nomad.slice',
  cpuMhz: 8000,
  cpuCores: 4,
  firstPort: 20_000
} as const

type Texts = Readonly<Record<string, string>>

/** CPU in MHz and memory in MiB of a task; Nomad's own defaults (100 MHz, 300 MiB) where the job says nothing. */
export const resourcesOf = ({
  task
}: Place): { readonly cpu: number; readonly cores: number; readonly memory: number; readonly max: number } => {
  const cores = task.Resources?.Cores ?? 0
  const perCore = SAMPLE.cpuMhz / SAMPLE.cpuCores
  return {
    cpu: cores > 0 ? cores * perCore : (task.Resources?.CPU ?? 100),
    cores,
    memory: task.Resources?.MemoryMB ?? 300,
    max: task.Resources?.MemoryMaxMB ?? 0
  }
}

/** The environment that the Nomad client adds to every task of a driver with image isolation. */
export const nomadEnv = (place: Place): Texts => {
  const { job, group, task } = place
  const { cpu, cores, memory, max } = resourcesOf(place)
  const name = job.Name ?? job.ID
  return {
    NOMAD_ALLOC_DIR: '/alloc',
    NOMAD_TASK_DIR: '/local',
    NOMAD_SECRETS_DIR: '/secrets',
    NOMAD_ALLOC_ID: SAMPLE.allocId,
    NOMAD_SHORT_ALLOC_ID: SAMPLE.allocId.slice(0, 8),
    NOMAD_ALLOC_INDEX: '0',
    NOMAD_ALLOC_NAME: `${name}.${group.Name}[0]`,
    NOMAD_CPU_LIMIT: String(cpu),
    ...(cores > 0 ? { NOMAD_CPU_CORES: coreList(cores) } : {}),
    NOMAD_DC: (job.Datacenters ?? []).find((dc) => !dc.includes('*')) ?? 'dc1',
    NOMAD_GROUP_NAME: group.Name,
    NOMAD_JOB_ID: job.ID,
    NOMAD_JOB_NAME: name,
    NOMAD_MEMORY_LIMIT: String(memory),
    ...(max > 0 ? { NOMAD_MEMORY_MAX_LIMIT: String(max) } : {}),
    NOMAD_NAMESPACE: job.Namespace ?? 'default',
    NOMAD_PARENT_CGROUP: SAMPLE.parentCgroup,
    NOMAD_REGION: job.Region ?? 'global',
    NOMAD_TASK_NAME: task.Name,
    ...metaEnv({ ...(job.Meta ?? {}), ...(group.Meta ?? {}), ...(task.Meta ?? {}) })
  }
}

/** The cores that the sample reserves: the first ones. */
export const coreList = (cores: number): string => Array.from({ length: cores }, (_, core) => String(core)).join(',')

const metaEnv = (meta: Texts): Texts =>
  Object.fromEntries(
    Object.entries(meta).flatMap(([key, value]) => {
      const clean = key.replace(/[^A-Za-z0-9_]/g, '_')
      return [[`NOMAD_META_${clean}`, value], [`NOMAD_META_${clean.toUpperCase()}`, value]]
    })
  )
