import * as E from 'fp-ts/Either'

import { pathText } from '../../src/core/domain/DocumentPath'
import { Issues } from '../../src/core/domain/Issue'
import { Facts } from '../../src/core/facts/Facts'
import { render } from '../../src/core/plan/render'
import { issues as spoken } from '../../src/core/report/explain'
import { noticesOf } from '../../src/core/resolve/noticesOf'
import { decode, Documents } from '../../src/core/resolve/Request'
import { plansOf, translate } from '../../src/core/translate'

/** Whether a refusal says what is refused: at least one issue, each with a path and a reason, as lines of text. */
export const isTold = (issues: Issues): boolean =>
  issues.length > 0 && issues.every(({ at, reason }) => pathText(at) !== '' && reason !== '') && spoken(issues).endsWith('\n')

/** All that a person can be shown of a case, whichever way it ends. Never throws: a refusal is text too. */
export const allThatIsShown = (documents: Documents, facts: Facts): ReadonlyArray<string> => {
  const request = decode(documents)
  if (E.isLeft(request)) return [told(request.left)]
  const compiled = translate(request.right, facts)
  return [
    JSON.stringify(request.right),
    ...noticesOf(request.right).map(({ text }) => text),
    ...(E.isLeft(compiled) ? [told(compiled.left)] : plansOf(request.right, compiled.right).flatMap((plan) => [render(plan), JSON.stringify(plan)]))
  ]
}

const told = (issues: Issues): string => {
  if (!isTold(issues)) throw new Error(`a refusal that says nothing: ${JSON.stringify(issues)}`)
  return spoken(issues)
}
