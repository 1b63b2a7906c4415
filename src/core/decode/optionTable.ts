import { About } from '../field/About'
import type { Absent, Field, Fields, Written } from '../field/Field'
import type { Shape } from '../field/Field'

/**
 * Markdown of a record of Fields: a table of what each option is, nested blocks as `auth.username`, then one of what
 * each does.
 */
export const optionTables = (fields: Fields): string =>
  [
    '| option | type | default | meaning |',
    '| --- | --- | --- | --- |',
    ...rows('', fields),
    '',
    ...details(fields)
  ].join('\n')

const rows = (prefix: string, fields: Fields): ReadonlyArray<string> =>
  Object.entries(fields).flatMap(([name, field]) => [
    row(`${prefix}${name}`, field),
    ...nested(`${prefix}${name}.`, field.shape)
  ])

const nested = (prefix: string, shape: Shape): ReadonlyArray<string> =>
  shape._tag === 'Block' || shape._tag === 'Blocks' || shape._tag === 'TextsOrBlocks' ? rows(prefix, shape.fields) : []

const row = (path: string, { shape, absent, about, aliases }: Field<unknown>): string => {
  const also = aliases.length === 0 ? '' : ` Also written ${aliases.map((name) => `\`${name}\``).join(', ')}.`
  return `| \`${path}\` | ${typeName(shape)} | ${standing(absent)} | ${cell(about.text)}${also} |`
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

const standing = (absent: Absent): string => {
  switch (absent._tag) {
    case 'Required':
      return 'required'
    case 'Optional':
      return ''
    case 'Default':
      return written(absent.written)
    case 'Hardening':
      return `${written(absent.usual)}; hardened: ${written(absent.hardened)}`
  }
}

const written = (value: Written | undefined): string => (value === undefined ? 'none' : `\`${JSON.stringify(value)}\``)

const details = (fields: Fields): ReadonlyArray<string> => [
  '| option | sets | governed by | works from | example |',
  '| --- | --- | --- | --- | --- |',
  ...Object.entries(fields).map(([name, { about }]) => detail(name, about))
]

const codes = (names: ReadonlyArray<string> = []): string => names.map((name) => `\`${name}\``).join(', ')

const detail = (name: string, { sets, policy, since, example }: About): string =>
  `| \`${name}\` | ${codes(sets)} | ${codes(policy)} | ${cell(since ?? 'everywhere')} | ${example === undefined ? '' : `\`${cell(example)}\``} |`

const NAMES = {
  Text: 'string',
  Path: 'absolute path',
  Hidden: 'string, secret',
  Flag: 'bool',
  Whole: 'integer',
  Octal: 'octal digits',
  Duration: 'duration',
  Texts: 'list of strings',
  TextMap: 'map of strings',
  Block: 'block',
  Blocks: 'list of blocks',
  TextsOrBlocks: 'list of strings or blocks'
} as const

const typeName = (shape: Shape): string => {
  if (shape._tag === 'Word') return shape.words.map((word) => `\`"${word}"\``).join(' or ')
  if (shape._tag === 'Size') return shape.unlimited ? 'size, or `"-1"`' : 'size'
  return NAMES[shape._tag]
}
