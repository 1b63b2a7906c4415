import * as t from 'io-ts'

import { DocumentPath, placeIn } from '../domain/DocumentPath'
import { Issue, IssueTag } from '../domain/Issue'
import { stepsOf } from '../domain/keyPath'

/** An io-ts error that also knows its tag and the way out. `secret` keeps the value out of the Issue. */
interface Mistake extends t.ValidationError {
  readonly tag: IssueTag
  readonly hint?: string
  readonly secret?: boolean
}

export interface Wrong {
  readonly tag: IssueTag
  readonly reason: string
  readonly hint?: string
  /** What is shown in the place of the text that is wrong. */
  readonly shown?: string
  readonly secret?: boolean
}

export const Wrong = (tag: IssueTag, reason: string, hint?: string): Wrong => ({
  tag,
  reason,
  ...(hint === undefined ? {} : { hint })
})

/** One error of a codec, in io-ts's own form. */
export const mistake = (value: unknown, context: t.Context, wrong: Wrong): t.ValidationError => {
  const made: Mistake = { value, context, message: wrong.reason, ...wrong }
  return made
}

const isMistake = (error: t.ValidationError): error is Mistake => 'tag' in error

const pathOf = ([whole, ...inner]: t.Context): DocumentPath =>
  placeIn(whole?.key ?? '', ...stepsOf(inner.map(({ key }) => key)))

/** The errors of a codec as Issues. The first key of the context is the name of the whole ("task"). */
export const issuesOf = (errors: t.Errors): ReadonlyArray<Issue> =>
  errors.map((error) =>
    isMistake(error)
      ? Issue(
          error.tag,
          pathOf(error.context),
          error.secret === true ? '(redacted)' : error.value,
          error.message ?? '',
          error.hint
        )
      : Issue('WrongType', pathOf(error.context), error.value, error.message ?? 'the value has a wrong type')
  )
