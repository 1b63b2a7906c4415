import { isRecord } from '../domain/isRecord'
import type { Shape } from '../field/Field'
import { fieldNamed, type Fields } from '../field/Field'

/**
 * A `config {}` block as Nomad's job parser writes it (a block is a list, a number may be a string) in the types that
 * the driver receives: the conversion that the Nomad client makes through the hclspec. What does not convert stays as
 * it is, so that the codec refuses it with its own words.
 */
export const fromHcl = (fields: Fields, config: unknown): unknown =>
  isRecord(config)
    ? Object.fromEntries(Object.entries(config).map(([key, value]) => [key, converted(shapeOf(fields, key), value)]))
    : config

const shapeOf = (fields: Fields, name: string): Shape | undefined =>
  fieldNamed(fields, name)?.field.shape

const converted = (shape: Shape | undefined, value: unknown): unknown => {
  if (shape === undefined || value === null) return value
  switch (shape._tag) {
    case 'Text':
    case 'Path':
    case 'Hidden':
    case 'Word':
    case 'Octal':
    case 'Duration':
    case 'Size':
      return toText(value)
    case 'Flag':
      return toFlag(value)
    case 'Whole':
      return toNumber(value)
    case 'Texts':
      return Array.isArray(value) ? value.map(toText) : value
    case 'TextMap':
      return toMaps(value)
    case 'Block':
      return Array.isArray(value) && value.length === 1 ? fromHcl(shape.fields, value[0]) : fromHcl(shape.fields, value)
    case 'Blocks':
      return toBlocks(shape.fields, value)
    case 'TextsOrBlocks':
      // The schema says `any`: nothing is converted, and a single block is a list of one.
      return isRecord(value) ? [value] : value
  }
}

// cty turns numbers and booleans into strings where a string is asked for.
const toText = (value: unknown): unknown =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : value

const toFlag = (value: unknown): unknown => {
  if (value === 'true') return true
  return value === 'false' ? false : value
}

const toBlocks = (fields: Fields, value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((item) => fromHcl(fields, item))
  return isRecord(value) ? [fromHcl(fields, value)] : value
}

const toNumber = (value: unknown): unknown =>
  typeof value === 'string' && /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value) ? Number(value) : value

const toMaps = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(toMap) : value

const toMap = (value: unknown): unknown =>
  isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toText(item)])) : value
