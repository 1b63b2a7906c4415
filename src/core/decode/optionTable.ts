import type { Field, Fields } from './Field'
import type { Shape } from './Shape'

/** A Markdown table of a record of Fields, nested blocks as `auth.username`. `later` names options that are refused until compiled. */
export const optionTable = (fields: Fields, later: ReadonlyArray<string> = []): string =>
  ['| option | type | default | meaning |', '| --- | --- | --- | --- |', ...rows('', fields, later)].join('\n')

const rows = (prefix: string, fields: Fields, later: ReadonlyArray<string>): ReadonlyArray<string> =>
  Object.entries(fields).flatMap(([name, field]) => [
    row(`${prefix}${name}`, field, later.includes(name)),
    ...nested(`${prefix}${name}.`, field.shape)
  ])

const nested = (prefix: string, shape: Shape): ReadonlyArray<string> =>
  shape._tag === 'Block' || shape._tag === 'Blocks' ? rows(prefix, shape.fields, []) : []

const row = (path: string, { shape, absent, text }: Field<unknown>, later: boolean): string => {
  const standing = absent._tag === 'Required' ? 'required' : absent._tag === 'Default' ? `\`${JSON.stringify(absent.written)}\`` : ''
  const note = later ? ' *Refused in this version: not compiled yet.*' : ''
  return `| \`${path}\` | ${typeName(shape)} | ${standing} | ${text.replaceAll('|', '\\|')}${note} |`
}

const typeName = (shape: Shape): string => {
  switch (shape._tag) {
    case 'Text':
      return 'string'
    case 'Hidden':
      return 'string, secret'
    case 'Word':
      return shape.words.map((word) => `\`"${word}"\``).join(' or ')
    case 'Flag':
      return 'bool'
    case 'Whole':
      return 'integer'
    case 'Duration':
      return 'duration'
    case 'Size':
      return 'size'
    case 'Texts':
      return 'list of strings'
    case 'TextMap':
      return 'map of strings'
    case 'Block':
      return 'block'
    case 'Blocks':
      return 'list of blocks'
  }
}
