import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import * as TaskConfig from '../../src/core/decode/TaskConfig'
import { Issue } from '../../src/core/domain/Issue'
import { LATER } from '../../src/core/resolve/policy'
import { decode } from '../../src/core/resolve/Request'
import { Case, cases } from '../arbitraries/facts'
import { near, valid } from '../arbitraries/ofFields'
import { taskOverrides } from '../arbitraries/request'

/** A value for every option that is refused until it is compiled, which is not its default. */
const set: Readonly<Record<(typeof LATER)[number], fc.Arbitrary<unknown>>> = {
  privileged: fc.constant(true),
  pids_limit: fc.integer({ min: -1, max: 1000 }),
  pid_mode: fc.constant('host'),
  seccomp: fc.constant(true),
  seccomp_profile: fc.constantFrom('/etc/p.json', 'p'),
  shm_size: fc.constantFrom('64m', '1g'),
  sysctl: fc.constantFrom<unknown>({ 'net.core.somaxconn': '1' }, [{ a: '' }], [{}, { a: '1' }]),
  extra_hosts: fc.constantFrom(['db:10.0.0.1'], ['']),
  cap_add: fc.constant(['CAP_SYS_ADMIN']),
  cap_drop: fc.constant(['ALL']),
  devices: fc.constant(['/dev/loop0'])
}

const issuesOf = ({ documents }: Pick<Case, 'documents'>): ReadonlyArray<Issue> => {
  const outcome = decode(documents)
  return E.isLeft(outcome) ? outcome.left : []
}

const withTask = ({ documents }: Case, options: object): Pick<Case, 'documents'> => ({
  documents: { ...documents, task: { ...(documents.task as object), ...options } }
})

const notYet = (issues: ReadonlyArray<Issue>): ReadonlyArray<string> =>
  issues.filter(({ _tag }) => _tag === 'NotCompiledYet').map(({ at }) => at)

describe('an option that is not compiled yet is refused, never ignored', () => {
  it.each(LATER)('task.%s', (name) => {
    fc.assert(fc.property(cases, set[name], (given, value) => {
      expect(notYet(issuesOf(withTask(given, { [name]: value })))).toContain(`task.${name}`)
    }))
  })

  it.each(LATER)('task.%s may be null', (name) => {
    fc.assert(fc.property(cases, (given) => { expect(issuesOf(withTask(given, { [name]: null }))).toEqual([]) }))
  })

  it('all of them at once, each by its name', () => {
    fc.assert(fc.property(cases, fc.record(set), (given, options) => {
      expect(notYet(issuesOf(withTask(given, options)))).toEqual(LATER.map((name) => `task.${name}`).sort())
    }))
  })

  it('and what else is wrong is told in the same breath', () => {
    fc.assert(fc.property(cases, fc.record(set), (given, options) => {
      const at = issuesOf(withTask(given, { ...options, hostname: 'not a host', cwd: 'here', imgae: 'x' })).map((issue) => issue.at)
      expect(at).toEqual(expect.arrayContaining(['task.hostname', 'task.cwd', 'task.imgae', 'task.privileged']))
      expect(at).toEqual([...at].sort())
    }))
  })
})

describe('one mistake more is one issue more', () => {
  it('every unknown option is named', () => {
    const unknown = fc.stringMatching(/^x_[a-z]{1,8}$/)
    fc.assert(fc.property(cases, fc.uniqueArray(unknown, { minLength: 1, maxLength: 4 }), (given, names) => {
      const told = issuesOf(withTask(given, Object.fromEntries(names.map((name) => [name, 1]))))
      expect(told.map(({ _tag, at }) => `${_tag} ${at}`)).toEqual(names.map((name) => `UnknownOption task.${name}`).sort())
    }))
  })

  it('a document that does not decode as a whole is not half accepted', () => {
    fc.assert(fc.property(cases, near(TaskConfig.fields, taskOverrides), ({ documents }, task) => {
      const alone = TaskConfig.codec.decode(task)
      if (E.isLeft(alone)) expect(issuesOf({ documents: { ...documents, task } }).length).toBeGreaterThanOrEqual(alone.left.length)
    }))
  })

  it('what the fold calls valid, the codec takes', () => {
    fc.assert(fc.property(valid(TaskConfig.fields), (task) => { expect(E.isRight(TaskConfig.codec.decode(task))).toBe(true) }))
  })
})
