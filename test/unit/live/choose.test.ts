import * as E from 'fp-ts/Either'

import { ALLOC_ID, OWNER } from '../../../src/core/domain/labels'
import { Candidate, choose } from '../../../src/core/live/choose'

const A = '11111111-aaaa-4000-8000-000000000001'
const B = '11111111-bbbb-4000-8000-000000000002'

const of = (id: string, allocId: string, task: string, run = '1'): Candidate => ({ id, labels: { [OWNER]: `${allocId}/${task}/${run}`, [ALLOC_ID]: allocId } })

const ALL = [of('web-11111111-0a', A, 'web'), of('db-11111111-0b', A, 'db'), of('web-11111111-0c', B, 'web')]

const idOf = (outcome: E.Either<string, Candidate>): string => (E.isRight(outcome) ? outcome.right.id : outcome.left)

it.each<readonly [string, string | undefined, string]>([
  ['web-11111111-0a', undefined, 'web-11111111-0a'],
  [B, undefined, 'web-11111111-0c'],
  ['11111111-BBBB', undefined, 'web-11111111-0c'],
  [A, 'db', 'db-11111111-0b'],
  [A, 'group/db', 'db-11111111-0b'],
  [A, undefined, `${A}: has several tasks; name one with --task: db, web`],
  [A, 'cache', `--task cache: ${A} has no such task; it has db, web`],
  ['11111111', undefined, `11111111: is the beginning of several allocations: ${A}, ${B}`],
  ['11111111', 'web', `11111111: is the beginning of several allocations: ${A}, ${B}`],
  ['1111111', undefined, `1111111: no such container (the beginning of an allocation id needs 8 characters); did you mean ${A}?`],
  ['web-11111111-0d', undefined, 'web-11111111-0d: no such container; did you mean web-11111111-0a?'],
  ['something-else-entirely', undefined, 'something-else-entirely: no such container; there are db-11111111-0b, web-11111111-0a, web-11111111-0c']
])('%s with task %s is %s', (wanted, task, expected) => {
  expect(idOf(choose(wanted, task, ALL))).toBe(expected)
})

it('says that there is none at all, and that one task has several containers', () => {
  expect(idOf(choose('web-1', undefined, []))).toBe('web-1: no such container (the beginning of an allocation id needs 8 characters); this driver has none there')
  expect(idOf(choose(A, 'web', [...ALL, of('web-11111111-0e', A, 'web', '2')]))).toBe(`${A}: has several containers of this task; name one: web-11111111-0a, web-11111111-0e`)
})
