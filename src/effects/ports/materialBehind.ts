import * as E from 'fp-ts/Either'

import { compact } from '../../core/domain/canonical'
import { Failure } from '../../core/domain/Failure'
import { digestOf } from './digestOf'
import { Materials } from './Machine'

const missing = (doing: string, what: string, digest: string): Failure =>
  Failure('Invalid', doing, `the plan was run without what it was compiled from: no ${what} has the digest ${digest}`)

/** The bytes of the spec that a plan names by their digest. */
export const specBehind = ({ compiled }: Materials, digest: string, doing: string): E.Either<Failure, string> => {
  const text = compiled === undefined ? undefined : compact(compiled.spec)
  return text !== undefined && digestOf(text) === digest ? E.right(text) : E.left(missing(doing, 'spec', digest))
}

/** The bytes of the process that a plan names by their digest. */
export const processBehind = ({ process }: Materials, digest: string, doing: string): E.Either<Failure, string> => {
  const text = process === undefined ? undefined : compact(process)
  return text !== undefined && digestOf(text) === digest ? E.right(text) : E.left(missing(doing, 'process', digest))
}

/** The text of a file, or its template, that a plan names by its digest. */
export const textBehind = ({ compiled }: Materials, digest: string, doing: string): E.Either<Failure, string> => {
  const texts = compiled?.mounts.flatMap((thing) => (thing._tag === 'File' ? [thing.text] : [])) ?? []
  return E.fromNullable(missing(doing, 'file', digest))(texts.find((text) => digestOf(text) === digest))
}
