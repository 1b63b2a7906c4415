import { Issue } from '../../domain/Issue'
import { reservedFor } from '../../domain/labels'
import { Decoded, Refusals } from './Decoded'

/** Labels and annotations: none in another tool's name space, and labels as long as containerd stores them. */
export const labels = ({ task }: Decoded): Refusals => [
  ...Object.keys(task.labels ?? {}).flatMap((name) => wrongName('task.labels', name)),
  ...Object.keys(task.annotations ?? {}).flatMap((name) => wrongName('task.annotations', name)),
  ...Object.entries(task.labels ?? {}).flatMap(([name, value]) => wrongSize(name, value))
]

const wrongName = (at: string, name: string): Refusals => {
  if (name === '') return [Issue('BadValue', at, name, 'has an empty name')]
  const space = reservedFor(name)
  return space === undefined ? [] : [Issue('BadValue', `${at}.${name}`, undefined, `lies in the name space of another tool, \`${space}\``, 'use a name of your own')]
}

const MAX_BYTES = 4096

// containerd refuses a label whose key and value are longer together.
const wrongSize = (name: string, value: string): Refusals =>
  utf8Length(name) + utf8Length(value) > MAX_BYTES
    ? [Issue('BadValue', `task.labels.${name}`, undefined, 'is longer than 4096 bytes with its name, the most that containerd stores')]
    : []

/** Bytes of a text in UTF-8. */
const utf8Length = (text: string): number =>
  Array.from(text).reduce((sum, letter) => {
    const code = letter.codePointAt(0) ?? 0
    return sum + (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4)
  }, 0)
