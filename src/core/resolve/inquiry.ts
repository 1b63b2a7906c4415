import { Facts, merge } from '../facts/Facts'
import { Question } from '../facts/Question'
import { moreQuestions, questionsOf } from './questionsOf'
import { Request } from './Request'

/** What has to be asked before a request can be resolved: one round, and one more for what its answers raise. */
export interface Inquiry {
  readonly questions: ReadonlyArray<Question>
  /** What the first answers make it necessary to ask. */
  readonly more: (facts: Facts) => ReadonlyArray<Question>
}

export const inquiryOf = (request: Request): Inquiry => ({
  questions: questionsOf(request), more: (facts) => moreQuestions(request, facts)
})

/** Every answer that somebody gives who knows all at once. */
export const answeredBy = (
  { questions, more }: Inquiry, answer: (questions: ReadonlyArray<Question>, known: Facts) => Facts, given: Facts
): Facts => {
  const first = answer(questions, given)
  const raised = more(first)
  return raised.length === 0 ? first : merge(first, answer(raised, first))
}
