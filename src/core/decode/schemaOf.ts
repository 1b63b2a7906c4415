import { TEXT_BYTES } from '../domain/ceilings'
import type { Absent, Field, Fields, Written } from '../field/Field'
import type { Shape } from '../field/Field'
import type { Hints } from '../field/fieldsCodec'
import type { JsonSchema } from './JsonSchema'
import { scalarOf, textOf } from './scalarSchema'

/**
 * The schema of a record of Fields: refuses nothing that the codec takes, but for unknown names without a value
 * (`null`, `[]`), which the codec drops, and for a wrong item of a list of maps that a later map replaces. What it
 * cannot say (a duration above 24 days, a size that rounds to zero) is left to the codec. `hints` are names that are
 * refused with a word on what to write.
 */
export const schemaOf = (fields: Fields, hints: Hints = {}): JsonSchema => {
  const all = Object.entries(fields)
  const rules = all.flatMap(([name, field]) => rulesOf([name, ...field.aliases], field.absent))
  const required = all.flatMap(([name, field]) => (isRequired(field) && field.aliases.length === 0 ? [name] : []))
  const refused = Object.entries(hints).map(([name, hint]): readonly [string, JsonSchema] => [
    `^${name}$`,
    { not: {}, description: `No option here: ${hint}.` }
  ])
  return {
    type: 'object',
    properties: Object.fromEntries(all.flatMap(([name, field]) => namesOf(name, field))),
    ...(refused.length === 0 ? {} : { patternProperties: Object.fromEntries(refused) }),
    ...(required.length === 0 ? {} : { required }),
    ...(rules.length === 0 ? {} : { allOf: rules }),
    additionalProperties: false
  }
}

const isRequired = ({ absent }: Field<unknown>): boolean => absent._tag === 'Required'

/** An option under all its names. */
const namesOf = (name: string, field: Field<unknown>): ReadonlyArray<readonly [string, JsonSchema]> =>
  [name, ...field.aliases].map((one) => [one, optionOf(field, one === name ? undefined : name)])

const EMPTY_LIST: JsonSchema = { type: 'array', maxItems: 0 }

// Nomad sends null for what the job left out, and an empty list for every name of an option that has several.
const optionOf = (field: Field<unknown>, meant: string | undefined): JsonSchema => {
  const about = { description: descriptionOf(field, meant), ...defaultOf(field.absent) }
  const value = valueOf(field.shape)
  if (field.aliases.length > 0)
    return { ...about, anyOf: [...(value.type === 'array' ? [value] : [value, EMPTY_LIST]), { type: 'null' }] }
  return { ...(isRequired(field) ? value : orNull(value)), ...about }
}

const orNull = (value: JsonSchema): JsonSchema => {
  if (value.anyOf !== undefined) return { ...value, anyOf: [...value.anyOf, { type: 'null' }] }
  const words = value.enum === undefined ? {} : { enum: [...value.enum, null] }
  return typeof value.type === 'string' ? { ...value, ...words, type: [value.type, 'null'] } : value
}

const GIVEN: JsonSchema = { not: { anyOf: [{ type: 'null' }, EMPTY_LIST] } }

const given = (names: ReadonlyArray<string>): JsonSchema => ({
  type: 'object',
  required: names,
  properties: Object.fromEntries(names.map((name) => [name, GIVEN]))
})

/** Of an option with several names a document gives one: no two, and one at least where it is required. */
const rulesOf = (names: ReadonlyArray<string>, absent: Absent): ReadonlyArray<JsonSchema> => {
  if (names.length === 1) return []
  const pairs = names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other]))
  return [
    ...pairs.map((pair): JsonSchema => ({ not: given(pair) })),
    ...(absent._tag === 'Required' ? [{ anyOf: names.map((name) => given([name])) }] : [])
  ]
}

const recordOf = (each: number): JsonSchema => ({
  type: 'object',
  propertyNames: textOf(TEXT_BYTES),
  additionalProperties: textOf(each)
})

const valueOf = (shape: Shape): JsonSchema => {
  switch (shape._tag) {
    case 'Texts':
      return { type: 'array', maxItems: shape.most, items: textOf(shape.each) }
    case 'TextMap':
      return {
        anyOf: [
          { ...recordOf(shape.each), maxProperties: shape.most },
          { type: 'array', items: recordOf(shape.each) }
        ]
      }
    case 'Block':
      return schemaOf(shape.fields)
    case 'Blocks':
      return { type: 'array', maxItems: shape.most, items: schemaOf(shape.fields) }
    case 'TextsOrBlocks':
      return { type: 'array', maxItems: shape.most, items: { anyOf: [textOf(shape.each), schemaOf(shape.fields)] } }
    case 'Text':
    case 'Hidden':
    case 'Path':
    case 'Word':
    case 'Flag':
    case 'Whole':
    case 'Octal':
    case 'Duration':
    case 'Size':
      return scalarOf(shape)
  }
}

const defaultOf = (absent: Absent): { readonly default?: Written } => {
  switch (absent._tag) {
    case 'Required':
    case 'Optional':
      return {}
    case 'Default':
      return { default: absent.written }
    case 'Hardening':
      return absent.usual === undefined ? {} : { default: absent.usual }
  }
}

const descriptionOf = ({ about, absent }: Field<unknown>, meant: string | undefined): string =>
  [
    ...(meant === undefined ? [] : [`Another name of \`${meant}\`.`]),
    about.text,
    ...(absent._tag === 'Hardening'
      ? [`With \`hardened\`: ${absent.hardened === undefined ? 'none' : `\`${JSON.stringify(absent.hardened)}\``}.`]
      : []),
    ...(about.policy === undefined
      ? []
      : [`Governed by ${about.policy.map((name) => `\`${name}\``).join(', ')} of the plugin.`]),
    ...(about.since === undefined ? [] : [`Works from: ${about.since}.`]),
    ...(about.example === undefined ? [] : [`Example (HCL): \`${about.example}\`.`])
  ].join('\n')
