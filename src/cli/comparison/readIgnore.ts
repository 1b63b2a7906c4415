import * as E from 'fp-ts/Either'

import { ignoreCodec } from '../../core/decode/GoldenConfig'
import { IgnoreRule } from '../../core/diff/Ignore'
import { issuesOf } from '../../core/field/mistake'
import { issues as spoken } from '../../core/report/explain'
import { disk } from '../load/Files'
import { inFile } from '../load/inFile'
import { readJson } from '../load/readJson'

/** The rules of a file `{ "ignore": [{ "path", "reason", "task" }] }`; none without a file. Left is what to tell. */
export const readIgnore = (file: string | undefined): E.Either<string, ReadonlyArray<IgnoreRule>> => {
  if (file === undefined) return E.right([])
  const document = readJson(disk, file)
  if (E.isLeft(document)) return E.left(`${document.left}\n`)
  const decoded = ignoreCodec.decode(document.right)
  return E.isLeft(decoded)
    ? E.left(inFile(file, spoken(issuesOf(decoded.left))))
    : E.right(decoded.right.ignore.map(ruleOf))
}

/** A rule as it was decoded. */
export const ruleOf = ({
  path,
  task,
  reason
}: {
  readonly path: string
  readonly task: string | undefined
  readonly reason: string
}): IgnoreRule => ({
  path,
  reason,
  ...(task === undefined ? {} : { task })
})
