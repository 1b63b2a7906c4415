import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { fromHcl } from '../../src/core/decode/fromHcl'
import { HclSpec, hclSpecOf } from '../../src/core/decode/HclSpec'
import { optionTables } from '../../src/core/decode/optionTable'
import * as PluginConfig from '../../src/core/decode/PluginConfig'
import * as TaskConfig from '../../src/core/decode/TaskConfig'
import { inTask, pathText } from '../../src/core/domain/DocumentPath'
import { Field, Fields } from '../../src/core/field/Field'
import { fieldsCodec } from '../../src/core/field/fieldsCodec'
import { issuesOf } from '../../src/core/field/mistake'
import { Document, valid } from '../../src/testing/ofFields'

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
    const nested = 'fields' in field.shape ? field.shape.fields : undefined
    return [
      { path: `${prefix}${name}`, field, spec: own },
      ...(nested === undefined ? [] : optionsOf(nested, inner._tag === 'Block' || inner._tag === 'BlockList' ? inner.nested : hclSpecOf(nested), `${prefix}${name}.`))
    ]
  })

const isRequired = (spec: HclSpec): boolean => (spec._tag === 'Attr' || spec._tag === 'Block') && spec.required

const all = NAMES.flatMap((name) => optionsOf(OF[name], hclSpecOf(OF[name])).map((option) => [`${name}.${option.path}`, option] as const))

/** What a record of this option alone decodes to. */
const decoded = (field: Field<unknown>, value: unknown): E.Either<unknown, unknown> => fieldsCodec('one', { one: field }).decode({ one: value })

describe.each(all)('%s', (_path, { field, spec }) => {
  it('is required by the codec exactly when the hclspec requires it', () => {
    expect(E.isLeft(decoded(field, undefined))).toBe(isRequired(spec))
    expect(E.isLeft(decoded(field, null))).toBe(isRequired(spec))
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
    const rows = firstTable(fields).map((row) => /^\| `([^`]+)` \|/.exec(row)?.[1])
    expect(rows).toEqual(optionsOf(fields, hclSpecOf(fields)).map(({ path }) => path))
  })

  it('have a sentence each, and a default where the hclspec has one', () => {
    const rows = firstTable(fields)
    optionsOf(fields, hclSpecOf(fields)).forEach(({ spec }, index) => {
      expect(rows[index]).toMatch(/\| \S[^|]*\.\)? \|$/)
      expect(rows[index]).toContain(spec._tag === 'Default' ? `| \`${spec.literal}\` |` : isRequired(spec) ? '| required |' : '|')
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

const firstTable = (fields: Fields): ReadonlyArray<string> => optionTables(fields).split('\n\n')[0]?.split('\n').slice(2) ?? []

const withAlias = Object.entries(TaskConfig.fields as Fields).flatMap(([name, { aliases }]) => aliases.map((other) => [name, other] as const))

describe('an option under another name', () => {
  it('is one of several', () => { expect(withAlias.map(([, other]) => other)).toEqual(expect.arrayContaining(['work_dir', 'mount', 'userns_mode'])) })

  // Nomad fills in a default for each name, so that two names would always be given at once.
  it.each(withAlias)('%s has no default that Nomad fills in', (name) => { expect((TaskConfig.fields as Fields)[name]?.absent._tag).toBe('Optional') })

  it.each(withAlias)('%s is also %s', (name, other) => {
    fc.assert(fc.property(valid(TaskConfig.fields), (document) => {
      const renamed = Object.fromEntries(Object.entries(document).map(([key, value]) => [key === name ? other : key, value]))
      expect(JSON.stringify(TaskConfig.codec.decode(renamed))).toBe(JSON.stringify(TaskConfig.codec.decode(document)))
    }))
  })

  it.each(withAlias.filter(([name]) => (TaskConfig.fields as Fields)[name]?.shape._tag === 'Blocks'))('%s may be an empty list beside %s: so Nomad sends a block that is not there', (name, other) => {
    fc.assert(fc.property(valid(TaskConfig.fields), (document) => {
      fc.pre(Array.isArray(document[name]))
      const { [name]: value, ...rest } = document
      expect(JSON.stringify(TaskConfig.codec.decode({ ...rest, [name]: [], [other]: value }))).toBe(JSON.stringify(TaskConfig.codec.decode(document)))
      expect(JSON.stringify(TaskConfig.codec.decode({ ...rest, [name]: value, [other]: [] }))).toBe(JSON.stringify(TaskConfig.codec.decode(document)))
    }), { numRuns: 50, maxSkipsPerRun: 1000 })
  })

  it.each(withAlias)('%s and %s together are refused', (name, other) => {
    fc.assert(fc.property(valid(TaskConfig.fields), (document) => {
      fc.pre(document[name] !== null && document[name] !== undefined && !(Array.isArray(document[name]) && document[name].length === 0))
      const outcome = TaskConfig.codec.decode({ ...document, [other]: document[name] })
      expect(E.isLeft(outcome) && issuesOf(outcome.left).map(({ _tag, at }) => `${_tag} ${pathText(at)}`)).toEqual([`Conflict task.${other}`])
    }))
  })
})

it('an option of another driver says where its meaning went', () => {
  const outcome = TaskConfig.codec.decode({ image: 'redis', security_opt: ['no-new-privileges'] })
  expect(E.isLeft(outcome) && issuesOf(outcome.left)).toMatchObject([{ _tag: 'UnknownOption', at: inTask('security_opt'), hint: expect.stringContaining('seccomp') as unknown }])
})
