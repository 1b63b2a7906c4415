import { digestOf } from '../domain/digest'
import { isRecord } from '../domain/isRecord'
import { Json, JsonRecord } from '../domain/Json'
import { attributes, written } from './attributes'
import { Place } from './Job'

/**
 * What a job says of a task, its group and itself that no compiled part says: all that Nomad does for the container or
 * with it. The names are those of job files; an attribute that is not known is there under its own name.
 */
export const partsOf = ({ job, group, task }: Place): Json => ({
  job: attributes(without(job, OF_JOB), textOf),
  group: { ...attributes(without(group, OF_GROUP), textOf), ...networkOf(listOf(group.Networks)) },
  task: {
    ...attributes(without(task, OF_TASK), textOf),
    ...vaultOf(task),
    ...identitiesOf(task),
    ...resourcesOf(task.Resources),
    ...mountsOf(task.VolumeMounts ?? [], member(group, 'Volumes'))
  }
})

/** What the compiled document has, what the server writes, and what has a form of its own here. */
const OF_JOB = [
  'ID', 'Name', 'Meta', 'TaskGroups', 'Stop', 'ParentID', 'Dispatched', 'DispatchIdempotencyToken', 'Payload',
  'NomadTokenID', 'Status', 'StatusDescription', 'Stable', 'Version', 'SubmitTime', 'CreateIndex', 'ModifyIndex',
  'JobModifyIndex', 'VersionTag'
]
const OF_GROUP = ['Name', 'Meta', 'Tasks', 'Networks', 'Volumes']
const OF_TASK = [
  'Name', 'Driver', 'Config', 'Env', 'Meta', 'User', 'Vault', 'Identity', 'Identities', 'Resources', 'VolumeMounts'
]

const without = (record: object, names: ReadonlyArray<string>): object =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))

/** The text of a template may be long and may hold a secret: whether it is another one is told by its digest. */
const textOf = (name: string, text: string): string => (name === 'EmbeddedTmpl' ? digestOf(text) : text)

const member = (record: object, name: string): unknown => (record as Readonly<Record<string, unknown>>)[name]

const listOf = (value: unknown): ReadonlyArray<unknown> =>
  Array.isArray(value) ? (value as ReadonlyArray<unknown>) : []

/** Nomad lets a group have one network; another one is told as what it is. */
const networkOf = ([first, ...others]: ReadonlyArray<unknown>): JsonRecord => ({
  ...(isRecord(first) ? { network: network(first) } : {}),
  ...(others.length === 0 ? {} : { more_networks: others.map((one) => written('', one, textOf)) })
})

/** Ports under one name: which number they have on the host is one of their options. */
const network = (given: Readonly<Record<string, unknown>>): JsonRecord => {
  const ports = [...listOf(given['ReservedPorts']), ...listOf(given['DynamicPorts'])].map(port)
  return {
    ...attributes(without(given, ['ReservedPorts', 'DynamicPorts']), textOf),
    ...(ports.length === 0 ? {} : { port: ports })
  }
}

const port = (given: unknown): Json => {
  const { value, ...said } = isRecord(given) ? attributes(given, textOf) : {}
  return { ...said, ...(value === undefined ? {} : { static: value }) }
}

/** Left out, the token is in the environment: `env = false` says something. */
const vaultOf = (task: object): JsonRecord => {
  const vault = member(task, 'Vault')
  return isRecord(vault)
    ? { vault: { ...attributes(vault, textOf), env: vault['Env'] !== false } }
    : {}
}

/** The identity that every task has may be written without a name. */
const identitiesOf = (task: object): JsonRecord => {
  const all = [member(task, 'Identity'), ...listOf(member(task, 'Identities'))].filter(isRecord)
  return all.length === 0
    ? {}
    : { identity: all.map((one) => ({ name: 'default', ...attributes(one, textOf) })) }
}

const OF_RESOURCES = ['CPU', 'Cores', 'MemoryMB', 'MemoryMaxMB']

const resourcesOf = (resources: unknown): JsonRecord => {
  const said = isRecord(resources) ? attributes(without(resources, OF_RESOURCES), textOf) : {}
  return Object.keys(said).length === 0 ? {} : { resources: said }
}

/** Each mount with the volume of the group that it shows: one without the other means nothing. */
const mountsOf = (mounts: ReadonlyArray<unknown>, volumes: unknown): JsonRecord => {
  const all = mounts.filter(isRecord).map((mount): Json => {
    const said = attributes(mount, textOf)
    const name = typeof said['volume'] === 'string' ? said['volume'] : ''
    const volume = isRecord(volumes) && Object.hasOwn(volumes, name) ? volumes[name] : undefined
    return isRecord(volume) ? { ...said, from: attributes(without(volume, ['Name']), textOf) } : said
  })
  return all.length === 0 ? {} : { volume_mount: all }
}
