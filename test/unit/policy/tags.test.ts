import * as fs from 'node:fs'
import * as path from 'node:path'

import * as E from 'fp-ts/Either'

import { pathText } from '../../../src/core/domain/DocumentPath'
import { Issue, IssueTag } from '../../../src/core/domain/Issue'
import * as factsFile from '../../../src/core/facts/factsFile'
import { sampleFacts } from '../../../src/core/facts/sampleFacts'
import { empty } from '../../../src/core/image/ImageConfig'
import { questionsOf } from '../../../src/core/resolve/questionsOf'
import { decode } from '../../../src/core/resolve/Request'
import { translate } from '../../../src/core/translate'

const ROOT = path.join(__dirname, '../../../fixtures/specs')

const json = (name: string, file: string): unknown =>
  fs.existsSync(path.join(ROOT, name, file)) ? JSON.parse(fs.readFileSync(path.join(ROOT, name, file), 'utf8')) : undefined

const TAGS: Readonly<Record<IssueTag, true>> = {
  UnknownOption: true, Missing: true, WrongType: true, BadValue: true, Conflict: true, RefusedByPolicy: true
}

const issuesOf = (name: string): ReadonlyArray<Issue> => {
  const request = decode({ task: json(name, 'task.json'), plugin: json(name, 'plugin.json'), allocation: json(name, 'allocation.json') })
  if (E.isLeft(request)) return request.left
  const facts = factsFile.decode(json(name, 'facts.json') ?? {})
  if (E.isLeft(facts)) return facts.left
  const compiled = translate(request.right, sampleFacts(questionsOf(request.right), facts.right, empty))
  return E.isLeft(compiled) ? compiled.left : []
}

const refused = fs.readdirSync(ROOT).filter((name) => name.startsWith('refused-'))

it.each(refused)('every issue of %s has one of the tags, a place and a reason', (name) => {
  const issues = issuesOf(name)
  expect(issues.length).toBeGreaterThan(0)
  expect(issues.filter(({ _tag, at, reason, hint }) => !Object.hasOwn(TAGS, _tag) || pathText(at) === '' || reason === '' || hint === '')).toEqual([])
})

it('an issue by policy names the plugin option', () => {
  const byPolicy = refused.flatMap(issuesOf).filter(({ reason }) => /the plugin option `/.test(reason))
  expect(byPolicy.length).toBeGreaterThan(10)
  expect(byPolicy.filter(({ _tag }) => _tag !== 'RefusedByPolicy')).toEqual([])
})
