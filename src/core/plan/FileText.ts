import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { filled } from '../domain/gaps'
import { Outputs, StepId } from './Output'

/**
 * What a generated file holds, by the digest of its text; or of a template whose gaps (`core/domain/gaps`) an earlier
 * step fills.
 */
export const fileText = t.union([
  t.readonly(t.type({ _tag: t.literal('Known'), digest: t.string })),
  t.readonly(t.type({ _tag: t.literal('WithOutput'), from: t.string, template: t.string }))
])

export type FileText = t.TypeOf<typeof fileText>

/** The digest under which the materials of a plan have the text or the template. */
export const digestIn = (text: FileText): string => (text._tag === 'Known' ? text.digest : text.template)

/** The step that fills the gaps. */
export const fillerOf = (text: FileText): ReadonlyArray<StepId> => (text._tag === 'Known' ? [] : [text.from])

/** The text itself: as it is known, or with its gaps filled. Left says which gap nobody fills. */
export const written = (text: FileText, material: string, outputs: Outputs): E.Either<string, string> => {
  if (text._tag === 'Known') return E.right(material)
  const output = outputs[text.from]
  const words = output?._tag === 'Words' ? output.words : {}
  return E.mapLeft((missing: string) => `step ${text.from} has answered no ${missing}`)(filled(material, words))
}
