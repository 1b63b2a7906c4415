import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { patchOf } from '../../src/core/diff/patchOf'
import { linesOf } from '../../src/core/diff/unifiedDiff'
import { compact, pretty } from '../../src/core/domain/canonical'
import { escaped, isEqual, Json, toJson } from '../../src/core/domain/Json'
import { fullDocument } from '../../src/core/fullDocument'
import { changesOf } from '../../src/core/judge/changesOf'
import { parseJson } from '../../src/core/share/parseJson'
import { AFTER, BEFORE, redact, redactBoth } from '../../src/core/share/redact'
import { Case, cases, compiledOf, requestOf } from '../../src/testing/facts'
import { envName } from '../../src/testing/imageConfig'
import { anyJson, documentPairs } from '../arbitraries/json'
import { inSpec, list } from '../laws/weakenings'

const MARK = 'PLANTED-SECRET'

type Options = Readonly<Record<string, unknown>>

/** The document of a case with a password in one config and a secret behind every environment variable. */
const planted = ({ documents, facts }: Case, names: ReadonlyArray<string>, owner: 'task' | 'plugin', secret: string): Json => {
  const { allocation, ...configs } = documents as unknown as Readonly<Record<string, Options>>
  const env = Object.fromEntries(names.map((name) => [name, `${secret} ${name}`]))
  const { auth: _task, ...task } = configs['task']!
  const { auth: _plugin, ...plugin } = configs['plugin']!
  const auth = { username: 'bob', password: `${secret}-password` }
  const request = requestOf({
    task: owner === 'task' ? { ...task, auth } : task, plugin: owner === 'plugin' ? { ...plugin, auth: { ...auth, server_address: 'docker.io' } } : plugin,
    allocation: { ...allocation, env: { ...(allocation!['env'] as Options), ...env } }
  })
  return fullDocument(request, compiledOf({ request, facts }))
}

const names = fc.uniqueArray(envName.filter((name) => !name.startsWith('NOMAD_')), { minLength: 1, maxLength: 3 })
const owners = fc.constantFrom<'task' | 'plugin'>('task', 'plugin')

const withHook = (document: Json, secret: string): Json =>
  inSpec(document, 'hooks/prestart', (old) => [...list(old), { path: '/bin/hook', env: [`TOKEN=${secret}`, 'PLAIN'] }])

const specOf = (document: Json): Json => (document as { readonly spec: Json }).spec

/** Everything that a diff shows of two documents. */
const shown = (a: Json, b: Json): string => [compact(changesOf(a, b)), compact(linesOf(a, b)), compact(patchOf(a, b)), pretty(a), pretty(b)].join('\n')

describe('a redacted document', () => {
  it('is the same when it is redacted again, alone or beside another', () => {
    fc.assert(fc.property(documentPairs, fc.constantFrom([], ['NOMAD_*'], ['*']), ([a, b], patterns) => {
      const once = redact(a, patterns)
      expect(redact(once, patterns)).toEqual(once)
      const [left, right] = redactBoth(a, b, patterns)
      expect(redactBoth(left, right, patterns)).toEqual([left, right])
    }))
  })

  it('beside an equal one is what it is alone', () => {
    fc.assert(fc.property(documentPairs, ([a]) => {
      expect(redactBoth(a, toJson(a), [])).toEqual([redact(a, []), redact(a, [])])
      expect(compact(redact(a, []))).not.toContain(BEFORE)
    }))
  })

  it('holds no password, no value of the environment, in any form that is shown', () => {
    fc.assert(fc.property(cases, names, owners, owners, fc.boolean(), (given, variables, one, other, isBare) => {
      const both = [planted(given, variables, one, `${MARK}-1`), planted(given, variables, other, `${MARK}-2`)]
        .map((document) => withHook(document, MARK)).map((document) => (isBare ? specOf(document) : document))
      expect(shown(both[0]!, both[1]!)).toContain(MARK)
      const [a, b] = redactBoth(both[0]!, both[1]!, [])
      expect(shown(a, b)).not.toContain(MARK)
      expect(compact([redact(both[0]!, []), redact(both[1]!, [])])).not.toContain(MARK)
    }))
  })

  it('says which variable is another, in one change for each', () => {
    fc.assert(fc.property(cases, names, owners, (given, variables, owner) => {
      const [a, b] = redactBoth(planted(given, variables, owner, 'one'), planted(given, variables, owner, 'two'), [])
      const changes = changesOf(a, b)
      expect(changes.map(({ key }) => key).sort()).toEqual([...variables.map((name) => `/spec/process/env/${escaped(name)}`), '/fetch/auth/password'].sort())
      for (const { key, before, after } of changes.filter((change) => change.key.startsWith('/spec'))) {
        const name = key.slice('/spec/process/env/'.length).replaceAll('~1', '/').replaceAll('~0', '~')
        expect([before, after]).toEqual([`${name}=${BEFORE}`, `${name}=${AFTER}`])
      }
    }))
  })

  it('differs from another only where they differ, and nowhere but in what is hidden from it', () => {
    fc.assert(fc.property(documentPairs, ([a, b]) => {
      const [left, right] = redactBoth(a, b, [])
      if (isEqual(a, b)) expect(isEqual(left, right)).toBe(true)
      expect(redactBoth(a, b, ['*'])).toHaveLength(2)
      const turned = (value: Json): Json => typeof value === 'string'
        ? value.replaceAll(/\(redacted, (?:before|after)\)/g, (word) => (word === BEFORE ? AFTER : BEFORE))
        : Array.isArray(value) ? value.map(turned) : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, turned(item)])) : value
      expect(redactBoth(b, a, []).toReversed().map(compact)).toEqual([left, right].map(turned).map(compact))
    }))
  })
})

describe('parseJson', () => {
  it('reads back what canonical JSON writes, with every digit', () => {
    fc.assert(fc.property(anyJson, (value) => {
      const read = parseJson(pretty(value))
      expect(E.isRight(read) && isEqual(read.right, value)).toBe(true)
      expect(E.isRight(read) && compact(read.right)).toBe(compact(value))
    }))
  })

  it('reads as JSON.parse what that can hold', () => {
    fc.assert(fc.property(fc.json(), (text) => {
      const read = parseJson(text)
      expect(E.isRight(read) && read.right).toEqual(JSON.parse(text))
    }))
  })

  it('never throws', () => {
    const text = fc.string({ unit: fc.constantFrom('"', '\\', '1234567890123456', '{', '}', '[', ']', ':', ',', 'u0000', '-', '.', 'e', ' ', 'a') })
    fc.assert(fc.property(text, (given) => {
      const plain = E.tryCatch(() => JSON.parse(given) as unknown, () => 'no')
      expect(E.isRight(parseJson(given))).toBe(E.isRight(plain))
    }))
  })
})
