import * as PluginConfig from '../decode/PluginConfig'
import * as TaskConfig from '../decode/TaskConfig'
import { DocumentPath, placeIn } from '../domain/DocumentPath'
import { isRecord } from '../domain/isRecord'
import { Field, fieldNamed, Fields } from '../field/Field'
import { nearest } from '../field/nearest'
import { JobDocuments } from '../resolve/Request'

/** An option of a task or of the operator, and what the documents say of it. */
export interface OptionInfo {
  /** The option by its own name: `volumes`, `enabled` of `plugin`. */
  readonly at: DocumentPath
  readonly field: Field<unknown>
  /** Where it was given, under whichever of its names, with the values as they were written. */
  readonly given: ReadonlyArray<readonly [DocumentPath, unknown]>
}

type Owner = 'task' | 'plugin'

const FIELDS: Readonly<Record<Owner, Fields>> = { task: TaskConfig.fields, plugin: PluginConfig.fields }

/**
 * The options that a person may mean by a name (`memory_hard_limit`, `plugin.volumes.enabled`): of a task, of the
 * operator, or one of each.
 */
export const optionsNamed = (name: string, documents: JobDocuments): ReadonlyArray<OptionInfo> =>
  (['task', 'plugin'] as const).flatMap((document): ReadonlyArray<OptionInfo> => {
    const other = document === 'task' ? 'plugin.' : 'task.'
    if (name.startsWith(other)) return []
    const path = (name.startsWith(`${document}.`) ? name.slice(document.length + 1) : name).replace(/\[.*$/, '')
    const found = optionNamed(document, path, documents)
    return found === undefined ? [] : [found]
  })

/** An option by its name in a document: `volumes.enabled`. */
export const optionNamed = (document: Owner, name: string, documents: JobDocuments): OptionInfo | undefined =>
  infoOf(document, name.split('.'), documents)

/** The option that stands at a place. */
export const optionAt = ({ document, path }: DocumentPath, documents: JobDocuments): OptionInfo | undefined =>
  document === 'task' || document === 'plugin'
    ? infoOf(document, path.filter((step) => typeof step === 'string'), documents)
    : undefined

const infoOf = (document: Owner, path: ReadonlyArray<string>, documents: JobDocuments): OptionInfo | undefined => {
  const found = fieldAt(FIELDS[document], path)
  return found === undefined
    ? undefined
    : {
        at: placeIn(document, ...found.names),
        field: found.field,
        given: givenAs(document, documents[document], found)
      }
}

/** A field, and the names by which it is found: its own, below those of the blocks that it stands in. */
interface Found {
  readonly names: ReadonlyArray<string>
  readonly field: Field<unknown>
}

/** A field by its path, in which each option has its own name or another one. */
const fieldAt = (fields: Fields, [name = '', ...rest]: ReadonlyArray<string>): Found | undefined => {
  const found = fieldNamed(fields, name)
  if (found === undefined) return undefined
  const { shape } = found.field
  if (rest.length === 0) return { names: [found.name], field: found.field }
  const inner = 'fields' in shape ? fieldAt(shape.fields, rest) : undefined
  return inner === undefined ? undefined : { ...inner, names: [found.name, ...inner.names] }
}

const givenAs = (document: Owner, value: unknown, { names, field: { aliases } }: Found): OptionInfo['given'] => {
  const parents = names.slice(0, -1)
  const owner = parents.reduce<unknown>((outer, name) => (isRecord(outer) ? outer[name] : undefined), value)
  return [names.at(-1) ?? '', ...aliases].flatMap((name): OptionInfo['given'] =>
    isRecord(owner) && owner[name] !== undefined && owner[name] !== null
      ? [[placeIn(document, ...parents, name), owner[name]]]
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
