import type { Absent, Field, Fields } from '../field/Field'
import type { Shape } from '../field/Field'

/** The part of Nomad's hclspec that our options need (hclspec.proto: Attr, Block, BlockList, Object, Default). */
export type HclSpec =
  | { readonly _tag: 'Attr'; readonly name: string; readonly type: string; readonly required: boolean }
  | { readonly _tag: 'Block'; readonly name: string; readonly required: boolean; readonly nested: HclSpec }
  | { readonly _tag: 'BlockList'; readonly name: string; readonly nested: HclSpec }
  | { readonly _tag: 'Object'; readonly attributes: Readonly<Record<string, HclSpec>> }
  | { readonly _tag: 'Default'; readonly primary: HclSpec; readonly literal: string }

/** The hclspec of a record of Fields, as ConfigSchema and TaskConfigSchema answer it. */
export const hclSpecOf = (fields: Fields): HclSpec => ({
  _tag: 'Object',
  attributes: Object.fromEntries(
    Object.entries(fields).flatMap(([key, field]) =>
      [key, ...field.aliases].map((name): readonly [string, HclSpec] => [name, specOf(name, field)])
    )
  )
})

const specOf = (name: string, { shape, absent }: Field<unknown>): HclSpec => {
  const primary = primaryOf(name, shape, absent)
  return absent._tag === 'Default' ? { _tag: 'Default', primary, literal: JSON.stringify(absent.written) } : primary
}

const primaryOf = (name: string, shape: Shape, absent: Absent): HclSpec => {
  const required = absent._tag === 'Required'
  switch (shape._tag) {
    case 'Block':
      return { _tag: 'Block', name, required, nested: hclSpecOf(shape.fields) }
    case 'Blocks':
      return { _tag: 'BlockList', name, nested: hclSpecOf(shape.fields) }
    case 'Text':
    case 'Path':
    case 'Hidden':
    case 'Word':
    case 'Flag':
    case 'Whole':
    case 'Octal':
    case 'Duration':
    case 'Size':
    case 'Texts':
    case 'TextMap':
    case 'TextsOrBlocks':
      return { _tag: 'Attr', name, type: typeOf(shape), required }
  }
}

const typeOf = (shape: Exclude<Shape, { readonly _tag: 'Block' | 'Blocks' }>): string => {
  switch (shape._tag) {
    case 'Text':
    case 'Path':
    case 'Hidden':
    case 'Word':
    case 'Octal':
    case 'Duration':
    case 'Size':
      return 'string'
    case 'Flag':
      return 'bool'
    case 'Whole':
      return 'number'
    case 'Texts':
      return 'list(string)'
    case 'TextMap':
      // A block or an object in a job file reaches the driver as a list of one map (jobspec2).
      return 'list(map(string))'
    case 'TextsOrBlocks':
      return 'any'
  }
}
