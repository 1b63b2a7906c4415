import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { inTask, pathText } from '../../../src/core/domain/DocumentPath'
import * as F from '../../../src/core/field/Field'
import { FieldsCodec, fieldsCodec } from '../../../src/core/field/fieldsCodec'
import * as K from '../../../src/core/field/Kind'
import { issuesOf } from '../../../src/core/field/mistake'
import { durationMs, octal, path, sizeBytes, sizeOrUnlimited } from '../../../src/core/field/scalar'
import * as ImageConfig from '../../../src/core/image/ImageConfig'
import { isLoopback, parse, registryOf } from '../../../src/core/image/ImageReference'

const fields = {
  must: F.required(K.text, ''), maybe: F.optional(K.text, ''), number: F.withDefault(K.whole(0, 9), 5, ''), list: F.alias(F.orEmpty(K.texts, [], ''), 'items', 'words')
}

const make = (): FieldsCodec<typeof fields> => fieldsCodec('block', fields, { gone: 'use `maybe`' })

const said = (value: unknown): unknown =>
  E.mapLeft((errors: t.Errors) => issuesOf(errors).map(({ _tag, at, value: shown, reason, hint }) => [_tag, pathText(at), shown ?? '', reason, hint ?? ''].join('|')))(make().decode(value))

describe('a block', () => {
  it.each<readonly [unknown, object]>([
    [{ must: 'a' }, { must: 'a', maybe: undefined, number: 5, list: [] }], [{ must: 'a', maybe: null, number: undefined }, { must: 'a', maybe: undefined, number: 5, list: [] }],
    [{ must: 'a', items: ['x'] }, { must: 'a', maybe: undefined, number: 5, list: ['x'] }], [{ must: 'a', list: ['x'], items: [] }, { must: 'a', maybe: undefined, number: 5, list: ['x'] }],
    [{ must: 'a', words: ['y'] }, { must: 'a', maybe: undefined, number: 5, list: ['y'] }]
  ])('%j decodes to %j', (value, decoded) => { expect(said(value)).toEqual(E.right(decoded)) })

  it.each<readonly [unknown, ReadonlyArray<string>]>([
    [{}, ['Missing|block.must||is required|']], ['x', ['WrongType|block|"x"|must be a block of options|']], [null, ['WrongType|block|null|must be a block of options|']], [[], ['WrongType|block|[]|must be a block of options|']],
    [{ must: 1 }, ['WrongType|block.must|1|must be a string|']], [{ must: 'a', gone: 1 }, ['UnknownOption|block.gone||is no option here|use `maybe`']],
    [{ must: 'a', mayb: 1 }, ['UnknownOption|block.mayb||is no option here|did you mean "maybe"?']], [{ must: 'a', completely: 1 }, ['UnknownOption|block.completely||is no option here|']],
    [{ must: 'a', items: ['x'], words: ['y'] }, ['Conflict|block.words||means the same as `items`, which is set too|keep one of them']],
    [{ must: 'a', list: ['x'], words: ['y'] }, ['Conflict|block.words||means the same as `list`, which is set too|keep one of them']],
    [{ must: 'a', list: ['x', 1] }, ['WrongType|block.list[1]|1|must be a string|']],
    [{ number: 10, mayb: 1 }, ['BadValue|block.number|10|must be between 0 and 9|', 'Missing|block.must||is required|', 'UnknownOption|block.mayb||is no option here|did you mean "maybe"?']]
  ])('%j is refused', (value, reasons) => { expect(said(value)).toEqual(E.left(reasons)) })

  it('unknown names are told without end, what was meant only twenty times', () => {
    const names = Array.from({ length: 22 }, (_, index) => `mayb${String.fromCharCode(97 + index)}`)
    const outcome = said({ must: 'a', ...Object.fromEntries(names.map((name) => [name, 1])) })
    const hints = E.isLeft(outcome as E.Either<ReadonlyArray<string>, unknown>) ? (outcome as E.Left<ReadonlyArray<string>>).left.map((line) => line.endsWith('did you mean "maybe"?')) : []
    expect([hints.length, hints.filter(Boolean).length]).toEqual([22, 20])
  })

  it('what decodes of a mistaken block is known, without what is no option of its own', () => {
    const { errors, decoded } = make().partsOf({ must: 1, maybe: 'b', other: 'c', constructor: 'd' }, [{ key: 'block', type: t.unknown }])
    expect(errors).toHaveLength(3)
    expect(decoded).toEqual({ must: undefined, maybe: 'b', number: 5, list: [] })
    expect(Object.keys(decoded).sort()).toEqual(['list', 'maybe', 'must', 'number'])
    expect(make().partsOf({ must: 'a', items: ['x'], items2: 1 }, [{ key: 'block', type: t.unknown }]).decoded).toEqual({ must: 'a', maybe: undefined, number: 5, list: ['x'] })
    expect(Object.keys(make().partsOf({}, [{ key: 'block', type: t.unknown }]).decoded).sort()).toEqual(['list', 'maybe', 'number'])
  })

  it('a block that holds a secret is not shown where it is none', () => {
    const shown = (fields: F.Fields): unknown => E.mapLeft(issuesOf)(fieldsCodec('block', fields).decode('p4ss'))
    expect(shown({ a: F.optional(K.text, ''), b: F.optional(K.hidden, '') })).toMatchObject({ left: [{ value: '"(redacted)"' }] })
    expect(shown({ a: F.optional(K.text, '') })).toMatchObject({ left: [{ value: '"p4ss"' }] })
  })
})

it('an error of io-ts itself is told too, and an index stands in brackets', () => {
  const context = ['task', 'a', '10', '1b', 'b1'].map((key) => ({ key, type: t.unknown }))
  expect(issuesOf([{ value: 1, context }, { value: 1, context, message: 'is odd' }])).toEqual([
    { _tag: 'WrongType', at: inTask('a', 10, '1b', 'b1'), value: '1', reason: 'the value has a wrong type' }, { _tag: 'WrongType', at: inTask('a', 10, '1b', 'b1'), value: '1', reason: 'is odd' }
  ])
})

it.each([
  ['https://index.docker.io/v1/', 'docker.io'], ['http://r.example:5000/v2', 'r.example:5000'], ['registry-1.docker.io', 'docker.io'], ['ghcr.io', 'ghcr.io'], ['xindex.docker.io', 'xindex.docker.io'],
  ['index.docker.io.example', 'index.docker.io.example'], ['ghcr.io/a/b/c', 'ghcr.io'], ['xhttps://a', 'xhttps:'], ['ftp://a', 'ftp:']
])('the registry %j is %s', (address, registry) => { expect(registryOf(address)).toBe(registry) })

it.each([
  ['127.0.0.100', true], ['127.10.20.30:5000', true], ['x127.0.0.1', false], ['127.0.0.1000', false], ['127.0.0', false]
])('%s is on this machine: %s', (registry, here) => { expect(isLoopback(registry)).toBe(here) })

it.each([
  [`r.example/${'b'.repeat(245)}`, undefined], [`r.example/${'b'.repeat(246)}`, 'is longer than 255 characters'], ['http:/x', 'must be an image name, not an address: leave the scheme out'],
  ['xhttps:/x', 'has a registry that is no host name'], ['https:5000/x', undefined], [':7', 'must name an image, such as `docker.io/library/redis:7`'],
  [`r.example/${'a'.repeat(64)}`, 'looks like an image id; give a name and a tag or a digest'], [`library/${'a'.repeat(64)}`, 'looks like an image id; give a name and a tag or a digest']
])('the image %j: %s', (text, reason) => {
  const outcome = parse(text)
  expect(E.isLeft(outcome) ? outcome.left : undefined).toBe(reason)
})

it('an image without tag or digest has no such members', () => {
  const digest = `sha256:${'0'.repeat(64)}`
  expect(Object.keys(E.getOrElse((): object => ({}))(parse(`redis@${digest}`))).sort()).toEqual(['digest', 'name', 'registry', 'repository'])
  expect(Object.keys(E.getOrElse((): object => ({}))(parse('redis'))).sort()).toEqual(['name', 'registry', 'repository', 'tag'])
})

it.each([['1.25k', 1280], ['1.125kib', 1152], ['0.5', undefined], ['7p', 7 * 2 ** 50], ['8191t', 8191 * 2 ** 40]])('the size %s is %s bytes', (text, bytes) => {
  const outcome = sizeBytes(text)
  expect(E.isRight(outcome) ? outcome.right : undefined).toBe(bytes)
})

it.each([['.25s', 250], ['1.125s', 1125], ['.125s', 125], ['576h0.001s', undefined], ['575h60m', 2_073_600_000]])('the duration %s is %s ms', (text, ms) => {
  const outcome = durationMs(text)
  expect(E.isRight(outcome) ? outcome.right : undefined).toBe(ms)
})

it('masks, paths and sizes without limit', () => {
  const right = (outcome: E.Either<unknown, unknown>): unknown => (E.isRight(outcome) ? outcome.right : undefined)
  expect(['0022', '22', '777', '0777', '1777', '00777', '8', '', ' 22', '22 ', 22].map((text) => right(octal(text)))).toEqual([0o22, 0o22, 0o777, 0o777, undefined, undefined, undefined, undefined, undefined, undefined, undefined])
  expect(['/a', 'a', '', 1].map((text) => right(path(text)))).toEqual(['/a', undefined, undefined, undefined])
  expect(['-1', '-2', '1k', 1].map((text) => right(sizeOrUnlimited(text)))).toEqual([-1, undefined, 1024, undefined])
})

it('a mistake in an image config is told by the names of its fields', () => {
  const outcome = ImageConfig.decode({ config: { Env: ['A=b', 5] } })
  expect(E.isLeft(outcome) ? [...new Set(outcome.left.map(({ at }) => pathText(at)))] : []).toContain('image.config.Env')
  expect(E.isLeft(ImageConfig.decode({ architecture: 5 }))).toBe(true)
  const long = ImageConfig.decode({ config: { Env: [...Array.from({ length: 11 }, () => 'A=b'), 5] } })
  expect(E.isLeft(long) ? long.left.filter(({ at }) => /\d/.test(pathText(at))) : []).toEqual([])
})
