import { isRecord } from '../domain/isRecord'
import { Json, JsonRecord, toJson } from '../domain/Json'

/** What Nomad's API calls otherwise than its job files. */
const NAMES: Readonly<Record<string, string>> = {
  Networks: 'network',
  Services: 'service',
  Constraints: 'constraint',
  Affinities: 'affinity',
  Spreads: 'spread',
  RestartPolicy: 'restart',
  ReschedulePolicy: 'reschedule',
  ParameterizedJob: 'parameterized',
  Artifacts: 'artifact',
  Templates: 'template',
  CSIPluginConfig: 'csi_plugin',
  LogConfig: 'logs',
  ScalingPolicies: 'scaling',
  Identities: 'identity',
  Actions: 'action',
  Secrets: 'secret',
  Devices: 'device',
  DestPath: 'destination',
  SourcePath: 'source',
  EmbeddedTmpl: 'data',
  Envvars: 'env',
  ErrMissingKey: 'error_on_missing_key',
  GetterSource: 'source',
  GetterOptions: 'options',
  GetterHeaders: 'headers',
  GetterMode: 'mode',
  GetterInsecure: 'insecure',
  RelativeDest: 'destination',
  PortLabel: 'port',
  TaskName: 'task',
  Checks: 'check',
  Audience: 'aud',
  SELinuxLabel: 'selinux_label',
  MBits: 'mbits'
}

/** Maps whose names are the job's own. */
const OWN_NAMES = new Set([
  'Meta', 'CanaryMeta', 'Env', 'Config', 'GetterOptions', 'GetterHeaders', 'Header', 'Args', 'TaggedAddresses'
])

/** Options of which zero or false says something else than nothing at all. */
const SAID_AS_ZERO = new Set(['Count', 'Attempts', 'Enabled', 'RenderTemplates'])

/** A name of Nomad's API as job files have it: `KillSignal` as `kill_signal`, `SizeMB` as `size`. */
export const hclName = (name: string): string =>
  NAMES[name]
  ?? name
    .replace(/MB$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()

/**
 * A value of Nomad's API under the names of job files, without what says nothing: the API has zeros and empty texts
 * for what a job leaves out. A template's text stands as its digest.
 */
export const written = (name: string, value: unknown, textOf: (name: string, text: string) => string): Json => {
  if (OWN_NAMES.has(name)) return toJson(value)
  if (Array.isArray(value)) return value.map((item: unknown) => written('', item, textOf))
  if (isRecord(value)) return attributes(value, textOf)
  return typeof value === 'string' ? textOf(name, value) : toJson(value)
}

type Entry<A> = readonly [string, A]

/** The attributes of a record that say something. */
export const attributes = (record: object, textOf: (name: string, text: string) => string): JsonRecord =>
  Object.fromEntries(
    Object.entries(record).flatMap(([name, value]: Entry<unknown>): ReadonlyArray<Entry<Json>> =>
      saysNothing(name, value) ? [] : [[hclName(name), written(name, value, textOf)]]
    )
  )

const saysNothing = (name: string, value: unknown): boolean => {
  if (value === undefined || value === null || value === '') return true
  if (value === 0 || value === false) return !SAID_AS_ZERO.has(name)
  return Array.isArray(value) && value.length === 0
}
