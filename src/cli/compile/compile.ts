import * as E from 'fp-ts/Either'

import { compact, pretty } from '../../core/domain/canonical'
import { Json, toJson } from '../../core/domain/Json'
import { documentOf } from '../../core/offline'
import { redact } from '../../core/share/redact'
import { causesOf, CompileOptions, each, Made, nameIn } from '../compilation/eachTask'
import { Output } from '../output/Output'

/**
 * `compile`: the OCI runtime spec of each task as it will run, or (`full`) all that will be true of its container.
 * Several tasks are one object with their names. Passwords are never shown, environment values unless `redact`.
 */
export const compileCommand = (files: ReadonlyArray<string>, options: CompileOptions): Promise<Output> =>
  each(files, options, '.json', (made) => {
    if (options.explain === true) return causesOf(made)
    const documents = made.map((one) => printed(one, options))
    const [first] = documents
    const whole =
      documents.length === 1 && first !== undefined
        ? first
        : Object.fromEntries(documents.map((one, index) => [nameIn(files, made[index]), one]))
    return options.compact === true ? compact(whole) : pretty(whole)
  })

const printed = ({ translated, loaded }: Made, options: CompileOptions): Json => {
  const shown = options.redact === true ? (options.showEnv ?? []) : ['*']
  const { spread } = loaded.offline
  if (options.full === true) return redact(documentOf(translated), shown, spread)
  return E.isRight(translated.outcome) ? redact(toJson(translated.outcome.right.compiled.spec), shown, spread) : null
}
