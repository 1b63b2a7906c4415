import * as E from 'fp-ts/Either'

import { pretty } from '../../core/domain/canonical'
import { Json, toJson } from '../../core/domain/Json'
import { documentOf } from '../../core/offline'
import { render } from '../../core/plan/render'
import { redact } from '../../core/share/redact'
import { textWithoutSpread, valueWithoutSpread } from '../../core/share/Spread'
import { causesOf, CompileOptions, each, Made, nameIn } from '../compilation/eachTask'
import { Output } from '../output/Output'

/**
 * `plan`: what will be done for each task, in order, with the undo and the reason of every step; `full` as JSON, with
 * the redacted document.
 */
export const planCommand = (files: ReadonlyArray<string>, options: CompileOptions): Promise<Output> =>
  each(files, options, options.full === true ? '.json' : '.txt', (made) => {
    if (options.explain === true) return causesOf(made)
    if (options.full === true)
      return pretty(
        made.length === 1
          ? fullPlan(options, made[0])
          : Object.fromEntries(made.map((one) => [nameIn(made, one), fullPlan(options, one)]))
      )
    return made.map((one) => (made.length > 1 ? `# ${nameIn(made, one)}\n` : '') + planText(one, options)).join('\n')
  })

const planText = ({ translated: { outcome }, loaded }: Made, { showEnv }: CompileOptions): string =>
  E.isRight(outcome)
    ? textWithoutSpread(
        outcome.right.plans().map(render).join('\n'),
        loaded.offline.spread ?? {},
        showEnv
      )
    : ''

const fullPlan = ({ showEnv = [] }: CompileOptions, made: Made | undefined): Json => {
  if (made === undefined || E.isLeft(made.translated.outcome)) return null
  const { plans } = made.translated.outcome.right
  const { spread = {} } = made.loaded.offline
  return {
    plans: valueWithoutSpread(toJson(plans()), spread, showEnv),
    document: redact(documentOf(made.translated), showEnv, spread)
  }
}
