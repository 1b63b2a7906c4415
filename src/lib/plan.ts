import * as E from 'fp-ts/Either'

import { isRecord } from '../core/domain/isRecord'
import { Plan } from '../core/plan/Plan'
import { render } from '../core/plan/render'
import { FactsDocument } from './FactsDocument'
import { plain } from './plain'
import { PlannedTask, Refused } from './Result'
import { Documents } from './Told'
import { translated } from './translation'

/**
 * What would be done to run a task, step by step, with every undo. Refuses as `compile` does. A plan holds no secret.
 */
export const plan = (documents: Documents, facts?: FactsDocument): PlannedTask | Refused => {
  const done = translated(documents, facts)
  if (E.isLeft(done)) return done.left
  const { plans, notices } = done.right
  return { ok: true, plans: plans(), notices }
}

/** A plan as text for people: a line a step, with its undo and its reason. */
export const planText = (one?: Plan): string => (isPlan(one) ? render(one) : '')

const isPlan = (one: unknown): one is Plan => isRecord(one) && Array.isArray(one['steps']) && E.isRight(plain(one))
