import { Allocation } from '../decode/Allocation'
import { sha256Hex } from '../domain/digest'
import { matchesAny } from '../domain/glob'
import { ALLOC_ID, NOMAD, OWNER } from '../domain/labels'
import { markOf } from '../domain/mark'

const MAX_READABLE = 20

/**
 * The container id of a task: readable first, unique by the hash of Nomad's task id, within containerd's grammar
 * (`^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$`, at most 76 characters) whatever the task is called.
 */
export const containerIdOf = ({ id, name, allocId }: Allocation): string =>
  [readable(name), readable(allocId.slice(0, 8)), sha256Hex(id).slice(0, 16)].filter((part) => part !== '').join('-')

const readable = (text: string): string =>
  text.slice(0, MAX_READABLE).replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '')

/** The names of `extra_labels`. */
export const KNOWN: ReadonlyArray<string> = [
  'job_name', 'job_id', 'parent_job_id', 'task_group_name', 'task_name', 'namespace', 'node_name', 'node_id'
]

const MAX_LABEL = 4096

/** What Nomad knows of a task, by the names of `extra_labels`. */
const known = ({
  jobName,
  jobId,
  parentJobId,
  taskGroupName,
  name,
  namespace,
  nodeName,
  nodeId,
  env
}: Allocation): Readonly<Record<string, string>> => ({
  job_name: jobName,
  job_id: jobId,
  // The client never fills the field; the environment has it.
  parent_job_id: parentJobId === '' ? (env['NOMAD_JOB_PARENT_ID']?.reveal() ?? '') : parentJobId,
  task_group_name: taskGroupName,
  task_name: name,
  namespace,
  node_name: nodeName,
  node_id: nodeId
})

/**
 * Labels of the container record: the job's, those that the operator wants of Nomad's, then the driver's own, which
 * win.
 */
export const labelsOf = (
  allocation: Allocation, job: Readonly<Record<string, string>>, extra: ReadonlyArray<string>
): Readonly<Record<string, string>> => ({
  ...withoutEmpty(job),
  ...Object.fromEntries(Object.entries(known(allocation))
    .filter(([name, value]) => value !== '' && matchesAny(extra, name))
    .map(([name, value]) => [`${NOMAD}${name}`, cut(value)])),
  [OWNER]: allocation.id,
  ...markOf(allocation),
  ...(allocation.allocId === '' ? {} : { [ALLOC_ID]: allocation.allocId })
})

// containerd stores no label with an empty value.
const withoutEmpty = (labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''))

// containerd refuses a label longer than 4096 bytes with its key; a name of Nomad's has at most four bytes a letter.
const cut = (value: string): string => value.slice(0, MAX_LABEL / 8)
