import * as E from 'fp-ts/Either'

import { Compiled } from '../core/compile/Compiled'
import { compact, pretty } from '../core/domain/canonical'
import { Notice } from '../core/domain/Notice'
import { render } from '../core/plan/render'
import * as explain from '../core/report/explain'
import { notExecutedYet } from '../core/resolve/notExecutedYet'
import { noticesOf } from '../core/resolve/noticesOf'
import { moreQuestions, questionsOf } from '../core/resolve/questionsOf'
import * as Request from '../core/resolve/Request'
import { sampleFacts } from '../core/resolve/sampleFacts'
import { plansOf, translate } from '../core/translate'
import { Case, CaseOptions } from './Case'
import { ok, Output, refused } from './Output'
import { readCase } from './readCase'

/** A case that compiled, and what is worth a word. */
interface Translated {
  readonly request: Request.Request
  readonly compiled: Compiled
  readonly notices: string
}

const noticeLines = (notices: ReadonlyArray<Notice>): string => notices.map((one) => `${explain.notice(one)}\n`).join('')

/** Compiles a case; Left is the text for stderr. */
export const translateCase = (given: Case): E.Either<string, Translated> => {
  const request = Request.decode(given.documents)
  if (E.isLeft(request)) return E.left(noticeLines(given.notices) + explain.issues(request.left))
  const first = sampleFacts(questionsOf(request.right), given.facts, given.image)
  const facts = sampleFacts(moreQuestions(request.right, first), first, given.image)
  const compiled = translate(request.right, facts)
  const later = notExecutedYet(request.right).map(({ at, reason }) => Notice(at, reason))
  const notices = noticeLines([...given.notices, ...noticesOf(request.right), ...later])
  return E.isLeft(compiled)
    ? E.left(notices + explain.issues(compiled.left))
    : E.right({ request: request.right, compiled: compiled.right, notices })
}

const run = async (input: string, options: CaseOptions, print: (made: Translated) => string): Promise<Output> => {
  const made = E.chain(translateCase)(await readCase(input, options))
  return E.isLeft(made) ? refused(made.left) : ok(print(made.right), made.right.notices)
}

/** `compile`: the OCI runtime spec as it will run; with `compact` exactly the bytes that containerd stores. */
export const compileCommand = (input: string, options: CaseOptions & { readonly compact?: boolean }): Promise<Output> =>
  run(input, options, ({ compiled: { spec } }) => (options.compact === true ? compact(spec) : pretty(spec)))

/** `plan`: what will be done, in order, with the undo and the reason of every step. */
export const planCommand = (input: string, options: CaseOptions): Promise<Output> =>
  run(input, options, ({ request, compiled }) => plansOf(request, compiled).map(render).join('\n'))
