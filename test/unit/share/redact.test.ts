import { Json } from '../../../src/core/domain/Json'
import { AFTER, BEFORE, redact, redactBoth } from '../../../src/core/share/redact'

const spec = (env: Json, hooks?: Json): Json => ({ ociVersion: '1.1.0', process: { env }, ...(hooks === undefined ? {} : { hooks }) })

const envOf = (document: Json): Json => (document as { readonly process: { readonly env: Json } }).process.env

describe('redact', () => {
  it.each<readonly [string, Json, ReadonlyArray<string>, Json]>([
    ['a value', ['A=secret'], [], ['A=(redacted)']],
    ['an empty value', ['A='], [], ['A=(redacted)']],
    ['an entry without =', ['A'], [], ['A']],
    ['a value with =', ['A=b=c'], [], ['A=(redacted)']],
    ['no name', ['=secret'], [], ['=(redacted)']],
    ['a name that may be shown', ['A=a', 'B=b', 'NOMAD_X=1'], ['A', 'NOMAD_*'], ['A=a', 'B=(redacted)', 'NOMAD_X=1']],
    ['a pattern that is only part of the name', ['AB=secret'], ['A'], ['AB=(redacted)']],
    ['a name twice', ['A=1', 'A=2'], [], ['A=(redacted)', 'A=(redacted)']],
    ['what is no text', [{ A: 'secret' }, 1], [], ['(redacted)', '(redacted)']],
    ['what is no list', { A: 'secret' }, [], '(redacted)'],
    ['one text', 'A=secret', ['*'], '(redacted)'],
    ['null', null, [], null]
  ])('an environment with %s', (_name, env, shown, expected) => {
    expect(envOf(redact(spec(env), shown))).toEqual(expected)
  })

  it('hooks of a spec alone, even without a process', () => {
    const hooks = { prestart: [{ path: '/a', env: ['T=secret'] }, 'odd'], poststop: 'odd' }
    expect(redact({ ociVersion: '1.1.0', hooks }, [])).toEqual({ ociVersion: '1.1.0', hooks: { ...hooks, prestart: [{ path: '/a', env: ['T=(redacted)'] }, 'odd'] } })
  })

  it('the password of a registry, whatever it is', () => {
    const document = (password: Json): Json => ({ spec: {}, fetch: { name: 'a', auth: { username: 'bob', password } } })
    for (const password of ['secret', 17, { a: 'secret' }]) expect(redact(document(password), ['*'])).toEqual(document('(redacted)'))
  })

  it('leaves what it does not know', () => {
    for (const odd of [null, 1, 'a', [], ['A=b'], {}, { process: 1 }, { spec: null }, { spec: [], fetch: 1 }]) expect(redact(odd, [])).toEqual(odd)
  })
})

describe('redactBoth', () => {
  const pair = (a: Json, b: Json): ReadonlyArray<Json> => redactBoth(spec(a), spec(b), []).map(envOf)

  it('says which value is another', () => {
    expect(pair(['A=1', 'B=1'], ['B=1', 'A=2'])).toEqual([[`A=${BEFORE}`, 'B=(redacted)'], ['B=(redacted)', `A=${AFTER}`]])
  })

  it('compares an empty value too', () => {
    expect(pair(['A='], ['A=x'])).toEqual([[`A=${BEFORE}`], [`A=${AFTER}`]])
  })

  it('does not mark a variable that only one has', () => {
    expect(pair(['A=1'], ['B=1'])).toEqual([['A=(redacted)'], ['B=(redacted)']])
  })

  it('compares the second of a name with the second', () => {
    expect(pair(['A=1', 'A=2'], ['A=1', 'A=3'])).toEqual([['A=(redacted)', `A=${BEFORE}`], ['A=(redacted)', `A=${AFTER}`]])
  })

  it('cannot compare what was hidden before', () => {
    expect(pair(['A=(redacted)'], ['A=x'])).toEqual([['A=(redacted)'], ['A=(redacted)']])
    expect(pair([`A=${BEFORE}`], [`A=${AFTER}`])).toEqual([[`A=${BEFORE}`], [`A=${AFTER}`]])
  })

  it('marks a password that is another', () => {
    const document = (password: string): Json => ({ spec: {}, fetch: { auth: { password } } })
    expect(redactBoth(document('a'), document('b'), [])).toEqual([document(BEFORE), document(AFTER)])
  })

  it('knows the names that a runtime in Go reads too', () => {
    const odd = { Process: { env: ['A=1'], ENV: ['A=1'] }, process: { Env: ['A=1'] }, Hooks: { prestart: [{ Env: ['A=1'] }] } }
    const hidden = { Process: { env: ['A=(redacted)'], ENV: ['A=(redacted)'] }, process: { Env: ['A=(redacted)'] }, Hooks: { prestart: [{ Env: ['A=(redacted)'] }] } }
    expect(redact(odd, [])).toEqual(hidden)
    expect(redact({ version: 1, spec: odd }, [])).toEqual({ version: 1, spec: hidden })
  })

  it('compares hooks of the same place', () => {
    const of = (token: string): Json => spec([], { prestart: [{ path: '/a', env: [`T=${token}`] }] })
    expect(redactBoth(of('1'), of('2'), [])).toEqual([of(BEFORE), of(AFTER)])
  })
})
