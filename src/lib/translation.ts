import * as E from 'fp-ts/Either'

import { Issue } from '../core/domain/Issue'
import { Json } from '../core/domain/Json'
import { Notice } from '../core/domain/Notice'
import * as Facts from '../core/facts/Facts'
import * as factsFile from '../core/facts/factsFile'
import * as ImageConfig from '../core/image/ImageConfig'
import { documentOf, Translated, translateOffline } from '../core/offline'
import { FactsDocument } from './FactsDocument'
import { plainMembers } from './plain'
import { Refused } from './Result'
import * as Told from './Told'

type Right<A> = A extends E.Right<infer B> ? B : never

/** A request with what it compiled to, and what is worth a word. */
export type Done = Right<Translated['outcome']> & {
  readonly document: Json
  readonly notices: ReadonlyArray<Told.Notice>
}

/** Compiles as the driver would; Left when the documents or the facts are refused, or were left out. */
export const translated = (
  documents: Partial<Told.Documents> | undefined, facts: FactsDocument | undefined
): E.Either<Refused, Done> => {
  const read = plainMembers(documents ?? {})
  if (E.isLeft(read)) return refused(read.left, [])
  const walkable = plainMembers({ facts })
  if (E.isLeft(walkable)) return refused(walkable.left, [])
  const known = facts === undefined ? E.right(Facts.none) : factsFile.decode(facts)
  if (E.isLeft(known)) return refused(known.left, [])
  const { task, plugin, allocation, unknown } = read.right
  const made = translateOffline({
    documents: { task, plugin, allocation, unknown: Told.referencesIn(unknown) },
    facts: known.right,
    image: ImageConfig.placeholder
  })
  const { outcome, notices } = made
  return E.isLeft(outcome)
    ? refused(outcome.left, notices)
    : E.right({ ...outcome.right, document: documentOf(made), notices: notices.map(Told.toldNotice) })
}

const refused = (issues: ReadonlyArray<Issue>, notices: ReadonlyArray<Notice>): E.Either<Refused, never> =>
  E.left({ ok: false, issues: issues.map(Told.toldIssue), notices: notices.map(Told.toldNotice) })
