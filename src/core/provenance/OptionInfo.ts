import * as PluginConfig from '../decode/PluginConfig'
import * as TaskConfig from '../decode/TaskConfig'
import { isRecord } from '../domain/isRecord'
import { Field, fieldNamed, Fields, NamedField } from '../field/Field'
import { nearest } from '../field/nearest'
import { Documents } from '../resolve/Request'

/** An option of a task or of the operator, and what the documents say of it. */
export interface OptionInfo {
  readonly document: 'task' | 'plugin'
  /** `privileged`, `volumes.enabled`. */
  readonly name: string
  readonly field: Field<unknown>
  /** The names under which it was given, with the values as they were written. */
  readonly given: ReadonlyArray<readonly [string, unknown]>
}

const FIELDS: Readonly<Record<OptionInfo['document'], Fields>> = {
  task: TaskConfig.fields,
  plugin: PluginConfig.fields
}

/**
 * The options that a person may mean by a name (`memory_hard_limit`, `plugin.volumes.enabled`): of a task, of the
 * operator, or one of each.
 */
export const optionsNamed = (name: string, documents: Documents): ReadonlyArray<OptionInfo> =>
  (['task', 'plugin'] as const).flatMap((document): ReadonlyArray<OptionInfo> => {
    const other = document === 'task' ? 'plugin.' : 'task.'
    if (name.startsWith(other)) return []
    const path = (name.startsWith(`${document}.`) ? name.slice(document.length + 1) : name).replace(/\[.*$/, '')
    const found = fieldAt(FIELDS[document], path.split('.'))
    return found === undefined
      ? []
      : [{ document, ...found, given: givenAs(documents[document], found.name, found.field) }]
  })

/** A field by its path, in which each option has its own name or another one; with the path of their own names. */
const fieldAt = (fields: Fields, [name = '', ...rest]: ReadonlyArray<string>): NamedField | undefined => {
  const found = fieldNamed(fields, name)
  if (found === undefined || rest.length === 0) return found
  const { shape } = found.field
  const inner = 'fields' in shape ? fieldAt(shape.fields, rest) : undefined
  return inner === undefined ? undefined : { ...inner, name: `${found.name}.${inner.name}` }
}

const givenAs = (document: unknown, path: string, { aliases }: Field<unknown>): OptionInfo['given'] => {
  const parents = path.split('.')
  const owner = parents
    .slice(0, -1)
    .reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), document)
  return [parents.at(-1) ?? '', ...aliases].flatMap((name): OptionInfo['given'] =>
    isRecord(owner) && owner[name] !== undefined && owner[name] !== null
      ? [[[...parents.slice(0, -1), name].join('.'), owner[name]]]
      : []
  )
}

/** The option that was probably meant, of a block too: `mounts.tpye`. */
export const nearestOption = (name: string): string | undefined =>
  nearest(name.replace(/^(?:task|plugin)\./, ''), [...namesIn(FIELDS.task), ...namesIn(FIELDS.plugin)])

const namesIn = (fields: Fields): ReadonlyArray<string> =>
  Object.entries(fields).flatMap(([name, { shape, aliases }]) =>
    [name, ...aliases].flatMap((one) => [
      one,
      ...('fields' in shape ? namesIn(shape.fields).map((inner) => `${one}.${inner}`) : [])
    ])
  )
