import * as fc from 'fast-check'

import { compact } from '../../src/core/domain/canonical'
import { Case, cases, compiledOf } from '../../src/testing/facts'
import { requestOf } from '../../src/testing/facts'
import { envName } from '../../src/testing/imageConfig'
import { strange } from '../../src/testing/strange'
import { allThatIsShown } from '../laws/issues'

/** What no one may see. Nothing else in a case has these letters. */
const MARK = 'PLANTED-SECRET'

type Options = Readonly<Record<string, unknown>>

const login = { username: 'bob', password: `${MARK}-password` }

/** The case with a password in both configs and a secret behind every environment variable. */
const planted = ({ documents, facts }: Case, names: ReadonlyArray<string>): Case['documents'] & { facts: Case['facts'] } => {
  const { task, plugin, allocation } = documents as unknown as Readonly<Record<'task' | 'plugin' | 'allocation', Options>>
  const env = Object.fromEntries([...Object.entries(allocation['env'] as Options), ...names.map((name) => [name, `${MARK} ${name}`] as const)])
  return { task: { ...task, auth: login }, plugin: { ...plugin, auth: { ...login, server_address: 'docker.io' } }, allocation: { ...allocation, env }, facts }
}

const names = fc.uniqueArray(envName.filter((name) => !name.startsWith('NOMAD_')), { minLength: 1, maxLength: 3 })

const shownOf = ({ facts, ...documents }: ReturnType<typeof planted>): string => allThatIsShown(documents, facts).join('\n')

describe('a secret is nowhere but in the process that it is for', () => {
  it('no password and no value of the environment is in a request, a plan or a notice', () => {
    fc.assert(fc.property(cases, names, (given, list) => { expect(shownOf(planted(given, list))).not.toContain(MARK) }))
  })

  it('nor in an issue, when the option beside it is wrong', () => {
    fc.assert(fc.property(cases, names, fc.constantFrom('task', 'plugin', 'allocation'), strange, (given, list, part, odd) => {
      const all = planted(given, list)
      const spoilt = { ...all, [part]: { ...(all[part as 'task'] as Options), unknown_option: odd, resources: odd } }
      expect(shownOf(spoilt)).not.toContain(MARK)
    }))
  })

  it('nor in an issue, when the secret itself is wrong', () => {
    const wrong = fc.constantFrom<unknown>([MARK], { a: MARK }, `${MARK}\u0000`)
    fc.assert(fc.property(cases, names, wrong, (given, list, value) => {
      const all = planted(given, list)
      const auth = { username: 'bob', password: value }
      const env = { GOOD: MARK, BAD: value }
      expect(shownOf({ ...all, task: { ...(all.task as Options), auth } })).not.toContain(MARK)
      expect(shownOf({ ...all, plugin: { ...(all.plugin as Options), auth } })).not.toContain(MARK)
      expect(shownOf({ ...all, allocation: { ...(all.allocation as Options), env } })).not.toContain(MARK)
    }))
  })

  it('and the process gets every value of its environment, but no password', () => {
    fc.assert(fc.property(cases, names, (given, list) => {
      const { facts, ...documents } = planted(given, list)
      const compiled = compiledOf({ request: requestOf(documents), facts })
      expect(compiled.spec.process.env).toEqual(expect.arrayContaining(list.map((name) => `${name}=${MARK} ${name}`)))
      expect(compact(compiled)).not.toContain(login.password)
    }))
  })
})
