import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import * as TaskConfig from '../../src/core/decode/TaskConfig'
import { pathText } from '../../src/core/domain/DocumentPath'
import { Issue } from '../../src/core/domain/Issue'
import { decode } from '../../src/core/resolve/Request'
import { Case, cases } from '../../src/testing/facts'
import { near, valid } from '../../src/testing/ofFields'
import { taskOverrides } from '../../src/testing/task'

const issuesOf = ({ documents }: Pick<Case, 'documents'>): ReadonlyArray<Issue> => {
  const outcome = decode(documents)
  return E.isLeft(outcome) ? outcome.left : []
}

const withTask = ({ documents }: Case, options: object): Pick<Case, 'documents'> => ({
  documents: { ...documents, task: { ...(documents.task as object), ...options } }
})

describe('one mistake more is one issue more', () => {
  it('every unknown option is named', () => {
    const unknown = fc.stringMatching(/^x_[a-z]{1,8}$/)
    fc.assert(fc.property(cases, fc.uniqueArray(unknown, { minLength: 1, maxLength: 4 }), (given, names) => {
      const told = issuesOf(withTask(given, Object.fromEntries(names.map((name) => [name, 1]))))
      expect(told.map(({ _tag, at }) => `${_tag} ${pathText(at)}`)).toEqual(names.map((name) => `UnknownOption task.${name}`).sort())
    }))
  })

  it('mistakes of the form and refusals of the policy are told in one breath, in the order of their names', () => {
    fc.assert(fc.property(cases, ({ documents }) => {
      const task = { ...(documents.task as object), hostname: 'not a host', cwd: 'here', imgae: 'x', privileged: true }
      const plugin = { ...(documents.plugin as object), allow_privileged: false }
      const at = issuesOf({ documents: { ...documents, task, plugin } }).map((issue) => pathText(issue.at))
      expect(at).toEqual(expect.arrayContaining(['task.hostname', 'task.cwd', 'task.imgae', 'task.privileged']))
      expect(at).toEqual([...at].sort())
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
