import { utf8Length } from '../domain/bytes'
import { ANNOTATION_BYTES, LABEL_BYTES } from '../domain/ceilings'
import { DocumentPath, inTask, under } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { reservedFor } from '../domain/labels'
import { Decoded, Refusals } from './Decoded'

/** Labels and annotations: none in another tool's name space, and labels as long as containerd stores them. */
export const labels = ({ task }: Decoded): Refusals => [
  ...Object.keys(task.labels ?? {}).flatMap((name) => wrongName(inTask('labels'), name)),
  ...Object.keys(task.annotations ?? {}).flatMap((name) => wrongName(inTask('annotations'), name)),
  ...Object.entries(task.labels ?? {}).flatMap(([name, value]) => wrongSize(name, value)),
  ...tooMuch(task.annotations ?? {})
]

const wrongName = (at: DocumentPath, name: string): Refusals => {
  if (name === '') return [Issue('BadValue', at, name, 'has an empty name')]
  const space = reservedFor(name)
  return space === undefined
    ? []
    : [
        Issue(
          'BadValue',
          under(at, name),
          undefined,
          `lies in the name space of another tool, \`${space}\``,
          'use a name of your own'
        )
      ]
}

const tooMuch = (annotations: Readonly<Record<string, string>>): Refusals => {
  const bytes = utf8Length(Object.entries(annotations).flat().join(''))
  return bytes > ANNOTATION_BYTES
    ? [
        Issue(
          'BadValue',
          inTask('annotations'),
          undefined,
          `must be at most ${String(ANNOTATION_BYTES)} bytes with their names, and are ${String(bytes)}`
        )
      ]
    : []
}

// containerd refuses a label whose key and value are longer together.
const wrongSize = (name: string, value: string): Refusals =>
  utf8Length(name) + utf8Length(value) > LABEL_BYTES
    ? [
        Issue(
          'BadValue',
          inTask('labels', name),
          undefined,
          `is longer than ${String(LABEL_BYTES)} bytes with its name, the most that containerd stores`
        )
      ]
    : []
