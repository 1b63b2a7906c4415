import * as E from 'fp-ts/Either'

import * as PluginConfig from '../../core/decode/PluginConfig'
import { issuesOf } from '../../core/field/mistake'
import { USUAL_PLUGIN } from '../../core/job/ours'
import * as explain from '../../core/report/explain'
import { disk } from './Files'
import { parseAll } from './parseAll'
import { optionsOf } from './pluginDocument'

/** The operator's config in a file, or the usual one where none is named. Left is the text for stderr. */
export const operatorsConfig = async (
  file: string | undefined
): Promise<E.Either<string, PluginConfig.PluginConfig>> => {
  const document = await operatorsDocument(file)
  if (E.isLeft(document)) return document
  return E.mapLeft((errors: Parameters<typeof issuesOf>[0]) => explain.issues(issuesOf(errors)))(
    PluginConfig.codec.decode(document.right)
  )
}

/** The same, as it was written. */
export const operatorsDocument = async (file: string | undefined): Promise<E.Either<string, unknown>> =>
  file === undefined ? E.right(USUAL_PLUGIN) : documentIn(file)

const documentIn = async (file: string): Promise<E.Either<string, unknown>> => {
  const text = disk.read(file)
  if (E.isLeft(text)) return E.left(`${text.left}\n`)
  const label = disk.label(file)
  const variables = { vars: [], varFiles: [], envs: [] }
  const [parsed] = await parseAll([{ kind: 'plugin', file: label, text: text.right }], variables)
  if (parsed === undefined) return E.left(`${label}: the parser gave no answer\n`)
  return E.isLeft(parsed) ? E.left(parsed.left.text) : optionsOf(label, parsed.right.value)
}
