import Ajv from 'ajv'
import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { configSchema } from '../../src/core/decode/configSchema'
import * as PluginConfig from '../../src/core/decode/PluginConfig'
import * as TaskConfig from '../../src/core/decode/TaskConfig'
import { Fields } from '../../src/core/field/Field'
import { fieldsCodec } from '../../src/core/field/fieldsCodec'
import { DURATION, durationMs, SIZE, sizeOrUnlimited } from '../../src/core/field/scalar'
import { near, valid } from '../../src/testing/ofFields'

const OF: Readonly<Record<'task' | 'plugin', Fields>> = { task: TaskConfig.fields, plugin: PluginConfig.fields }

/** A document as a JSON file could hold it, or nothing when none could. */
const asJson = (document: unknown): unknown => {
  try {
    return JSON.parse(JSON.stringify([document], (_key, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)))[0]
  } catch {
    return null
  }
}

/** Unknown names without a value are dropped by the codec and told by the schema, which is what an editor is for. */
const dropsSomething = (fields: Fields, document: unknown): boolean => {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return false
  const known = new Map(Object.entries(fields).flatMap(([name, field]) => [name, ...field.aliases].map((one) => [one, field.shape] as const)))
  return Object.entries(document).some(([name, value]: readonly [string, unknown]) => {
    const shape = known.get(name)
    if (shape === undefined) return value === null || (Array.isArray(value) && value.length === 0)
    return 'fields' in shape && (Array.isArray(value) ? value : [value]).some((item: unknown) => dropsSomething(shape.fields, item))
  })
}

describe.each(['task', 'plugin'] as const)('the schema of the %s', (kind) => {
  const fields = OF[kind]
  const codec = fieldsCodec(kind, fields)
  const check = new Ajv({ strict: true }).compile(configSchema(kind))

  it('takes every document that decodes', () => {
    fc.assert(fc.property(valid(fields), (document) => { expect([check(asJson(document)), check.errors]).toEqual([true, null]) }))
  })

  it('refuses nothing that the codec takes', () => {
    fc.assert(fc.property(near(fields).map(asJson), (document) => {
      fc.pre(!dropsSomething(fields, document))
      if (!check(document)) expect(E.isLeft(codec.decode(document))).toBe(true)
    }))
  })

  it('refuses what the codec refuses, but for amounts and times too great or too small, and for texts of another form', () => {
    fc.assert(fc.property(near(fields).map(asJson), (document) => {
      if (E.isRight(codec.decode(document)) || !check(document)) return
      expect([...amountsOf(document), ...formedIn(fields, document)]).not.toEqual([])
    }))
  })
})

/** The options of a document that hold texts of a form. */
const formedIn = (fields: Fields, document: object): ReadonlyArray<string> =>
  Object.keys(document).filter((name) => Object.entries(fields).some(([own, { aliases, shape }]) => 'form' in shape && [own, ...aliases].includes(name)))

/** Texts that are well written as a duration or a size, and come to nothing or to more than fits. */
const amountsOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === 'string') return (DURATION.test(value) && E.isLeft(durationMs(value))) || (SIZE.test(value) && E.isLeft(sizeOrUnlimited(value))) ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(amountsOf) : []
}
