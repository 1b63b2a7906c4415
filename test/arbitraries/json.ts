import * as fc from 'fast-check'

import { toJson } from '../../src/core/domain/Json'
import { isJsonList, isJsonRecord, Json, JsonRecord } from '../../src/core/domain/Json'
import { fullDocument } from '../../src/core/fullDocument'
import { cases, compiledOf } from '../../src/testing/facts'
import { shuffled } from '../../src/testing/order'

const ODD = ['__proto__', '1', '10', '-1', 'a/b', '~', '~1', '', 'toString', 'constructor', 'A', 'a', 'spec', 'process', 'env', 'mounts', 'toJSON']

const name = fc.oneof(fc.constantFrom(...ODD), fc.string({ maxLength: 4 }))

const scalar: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, false, '', 'a', 'A=1', 'A=2', 0, 1, -1, 2 ** 53 - 1),
  fc.string({ maxLength: 6, unit: 'binary' }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n })
)

const ofEntries = (entries: ReadonlyArray<readonly [string, Json]>): JsonRecord => Object.fromEntries(entries)

/** Any JSON: odd names, numbers that no double holds, empty lists, repeated items. */
export const anyJson: fc.Arbitrary<Json> = fc.letrec<{ readonly any: Json }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('any'), { maxLength: 5 }),
    fc.array(fc.tuple(name, tie('any')), { maxLength: 5 }).map(ofEntries)
  )
})).any

/** The document of a case that compiles. */
export const documentsOfCases: fc.Arbitrary<Json> = cases.map((given) => fullDocument(given.request, compiledOf(given)))

/** One edit of a document: where (by chance), and what to put there. */
interface Edit {
  readonly path: ReadonlyArray<number>
  readonly kind: 'drop' | 'replace' | 'add' | 'shuffle' | 'duplicate'
  readonly value: Json
  readonly name: string
  readonly seed: number
}

const edit: fc.Arbitrary<Edit> = fc.record({
  path: fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 6 }),
  kind: fc.constantFrom<Edit['kind']>('drop', 'replace', 'add', 'shuffle', 'duplicate'),
  value: anyJson,
  name,
  seed: fc.nat()
})

const inList = (list: ReadonlyArray<Json>, step: number, rest: ReadonlyArray<number>, given: Edit): Json => {
  const index = list.length === 0 ? 0 : step % list.length
  const item = list[index]
  if (rest.length > 0 && item !== undefined && typeof item === 'object' && item !== null) return list.with(index, edit1(item, rest, given))
  switch (given.kind) {
    case 'drop': return list.toSpliced(index, 1)
    case 'replace': return item === undefined ? list : list.with(index, given.value)
    case 'add': return list.toSpliced(index, 0, given.value)
    case 'shuffle': return shuffled(list, given.seed)
    case 'duplicate': return item === undefined ? list : list.toSpliced(given.seed % (list.length + 1), 0, item)
  }
}

const inRecord = (record: JsonRecord, step: number, rest: ReadonlyArray<number>, given: Edit): Json => {
  const entries = Object.entries(record)
  const [key, value] = entries.length === 0 ? [given.name, undefined] : entries[step % entries.length]!
  if (rest.length > 0 && typeof value === 'object' && value !== null) return ofEntries(entries.map(([known, old]) => [known, known === key ? edit1(value, rest, given) : old]))
  switch (given.kind) {
    case 'drop': return ofEntries(entries.filter(([known]) => known !== key))
    case 'replace': return ofEntries(entries.map(([known, old]) => [known, known === key ? given.value : old]))
    case 'add': return ofEntries([...entries, [given.name, given.value]])
    case 'shuffle': return ofEntries(shuffled(entries, given.seed))
    case 'duplicate': return value === undefined ? record : ofEntries([...entries, [given.name, value]])
  }
}

const edit1 = (document: Json, path: ReadonlyArray<number>, given: Edit): Json => {
  const [step = 0, ...rest] = path
  if (isJsonList(document)) return inList(document, step, rest, given)
  return isJsonRecord(document) ? inRecord(document, step, rest, given) : given.value
}

/** A document and a copy with some small edits: something dropped, replaced, added, shuffled or there twice. */
export const edited = (documents: fc.Arbitrary<Json>): fc.Arbitrary<readonly [Json, Json]> =>
  fc.tuple(documents, fc.array(edit, { maxLength: 6 })).map(([document, edits]) =>
    [document, edits.reduce<Json>((made, one) => edit1(made, one.path, one), document)] as const)

/** Two documents: of cases and with edits, of two cases, and any. */
export const documentPairs: fc.Arbitrary<readonly [Json, Json]> = fc.oneof(
  edited(documentsOfCases),
  edited(documentsOfCases.map((document) => toJson((document as { readonly spec: Json }).spec))),
  fc.tuple(documentsOfCases, documentsOfCases),
  edited(anyJson),
  fc.tuple(anyJson, anyJson)
)
