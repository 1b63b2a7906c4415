import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { Field, Fields } from '../../src/core/decode/Field'
import { fieldsCodec } from '../../src/core/decode/fieldsCodec'
import { fromHcl } from '../../src/core/decode/fromHcl'
import { HclSpec, hclSpecOf } from '../../src/core/decode/HclSpec'
import { optionTable } from '../../src/core/decode/optionTable'
import * as PluginConfig from '../../src/core/decode/PluginConfig'
import * as TaskConfig from '../../src/core/decode/TaskConfig'
import { LATER } from '../../src/core/resolve/policy'
import { Document, valid } from '../arbitraries/ofFields'

const NAMES = ['task', 'plugin'] as const
const OF: Readonly<Record<(typeof NAMES)[number], Fields>> = { task: TaskConfig.fields, plugin: PluginConfig.fields }

interface Option {
  readonly path: string
  readonly field: Field<unknown>
  readonly spec: HclSpec
}

/** Every option of a record, nested ones too, with what the hclspec says of it. */
const optionsOf = (fields: Fields, spec: HclSpec, prefix = ''): ReadonlyArray<Option> =>
  Object.entries(fields).flatMap(([name, field]) => {
    const own = spec._tag === 'Object' ? spec.attributes[name] : undefined
    if (own === undefined) throw new Error(`the hclspec has no ${prefix}${name}`)
    const inner = own._tag === 'Default' ? own.primary : own
    const nested = field.shape._tag === 'Block' || field.shape._tag === 'Blocks' ? field.shape.fields : undefined
    return [
      { path: `${prefix}${name}`, field, spec: own },
      ...(nested !== undefined && (inner._tag === 'Block' || inner._tag === 'BlockList') ? optionsOf(nested, inner.nested, `${prefix}${name}.`) : [])
    ]
  })

const isRequired = (spec: HclSpec): boolean => (spec._tag === 'Attr' || spec._tag === 'Block') && spec.required

const all = NAMES.flatMap((name) => optionsOf(OF[name], hclSpecOf(OF[name])).map((option) => [`${name}.${option.path}`, option] as const))

const decoded = ({ codec }: Field<unknown>, value: unknown): unknown => codec.decode(value)

describe.each(all)('%s', (_path, { field, spec }) => {
  it('is required by the codec exactly when the hclspec requires it', () => {
    expect(E.isLeft(field.codec.decode(undefined))).toBe(isRequired(spec))
    expect(E.isLeft(field.codec.decode(null))).toBe(isRequired(spec))
  })

  it('means the same when it is null, absent, or written as its default', () => {
    expect(decoded(field, null)).toEqual(decoded(field, undefined))
    if (spec._tag === 'Default') expect(isRequired(spec.primary)).toBe(false)
    if (spec._tag === 'Default') expect(decoded(field, JSON.parse(spec.literal))).toEqual(decoded(field, undefined))
  })
})

describe.each(NAMES)('the options of the %s', (name) => {
  const fields = OF[name]
  const codec = fieldsCodec(name, fields)

  it('are all in the documentation, and no others', () => {
    const rows = optionTable(fields).split('\n').slice(2).map((row) => /^\| `([^`]+)` \|/.exec(row)?.[1])
    expect(rows).toEqual(optionsOf(fields, hclSpecOf(fields)).map(({ path }) => path))
  })

  it('have a sentence each, and a default where the hclspec has one', () => {
    const rows = optionTable(fields).split('\n').slice(2)
    optionsOf(fields, hclSpecOf(fields)).forEach(({ spec }, index) => {
      expect(rows[index]).toMatch(/\| \S[^|]*\.\)? \|$/)
      expect(rows[index]).toContain(spec._tag === 'Default' ? `| \`${spec.literal}\` |` : isRequired(spec) ? '| required |' : '|  |')
    })
  })

  it('decode, all of them together or any part', () => {
    fc.assert(fc.property(valid(fields), (document) => { expect(E.isRight(codec.decode(document))).toBe(true) }))
  })

  it('decode alike whether one is null or left out', () => {
    fc.assert(fc.property(valid(fields), (document) => {
      const without = Object.fromEntries(Object.entries(document).filter(([, value]) => value !== null))
      expect(JSON.stringify(codec.decode(document))).toBe(JSON.stringify(codec.decode(without)))
    }))
  })

  it('stay as they are when they are in the types of the driver already', () => {
    fc.assert(fc.property(valid(fields), (document) => { expect(fromHcl(fields, document)).toEqual(document) }))
  })

  it('arrive from a job file as they were written: blocks as lists, numbers and flags as text', () => {
    fc.assert(fc.property(valid(fields), (document) => {
      const back = fromHcl(fields, asJobFile(fields, document))
      expect(JSON.stringify(codec.decode(back))).toBe(JSON.stringify(codec.decode(document)))
    }))
  })
})

/** How Nomad's job parser hands over a config: a block is a list of one. */
const asJobFile = (fields: Fields, document: Document): Document =>
  Object.fromEntries(Object.entries(document).map(([key, value]) => {
    const tag = fields[key]?.shape._tag
    if (value === null || tag === undefined) return [key, value]
    if (tag === 'Block') return [key, [value]]
    return [key, ['boolean', 'number', 'bigint'].includes(typeof value) ? JSON.stringify(value, (_name, item: unknown) => (typeof item === 'bigint' ? Number(item) : item)) : value]
  }))

it('options that are refused until compiled say so in the documentation', () => {
  const marked = optionTable(TaskConfig.fields, LATER).split('\n').filter((row) => row.includes('*Refused in this version'))
  expect(marked.map((row) => /`([^`]+)`/.exec(row)?.[1]).sort()).toEqual([...LATER].sort())
})
