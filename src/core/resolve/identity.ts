import { Allocation } from '../decode/Allocation'
import { sha256Hex } from '../domain/digest'
import { ALLOC_ID, OWNER } from '../domain/labels'

const MAX_READABLE = 20

/**
 * The container id of a task: readable first, unique by the hash of Nomad's task id, within containerd's grammar
 * (`^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$`, at most 76 characters) whatever the task is called.
 */
export const containerIdOf = ({ id, name, allocId }: Allocation): string =>
  [readable(name), readable(allocId.slice(0, 8)), sha256Hex(id).slice(0, 16)].filter((part) => part !== '').join('-')

const readable = (text: string): string =>
  text.slice(0, MAX_READABLE).replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '')

/** Labels of the container record. Values are cut so that key and value stay below containerd's 4096 bytes. */
export const labelsOf = ({ id, allocId }: Allocation): Readonly<Record<string, string>> => ({
  [OWNER]: id,
  ...(allocId === '' ? {} : { [ALLOC_ID]: allocId })
})
