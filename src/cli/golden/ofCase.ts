import * as E from 'fp-ts/Either'

import { IgnoreRule } from '../../core/diff/Ignore'
import { pretty } from '../../core/domain/canonical'
import { inTask } from '../../core/domain/DocumentPath'
import { isEqual, Json, member } from '../../core/domain/Json'
import { Comparison, Finding } from '../../core/format/Outcome'
import { parseJson } from '../../core/share/parseJson'
import { redact } from '../../core/share/redact'
import { comparisonOf } from '../comparison/comparisonOf'
import { refusalFindings } from '../comparison/refusalFindings'
import { isDocument, isEarlierDocument } from '../load/documents'
import { disk } from '../load/Files'
import { nameOf } from '../load/Loaded'
import { GoldenCase } from './cases'
import { Suite } from './Suite'

/** What was found of one task: nothing where it comes to its golden. `used` are the rules that covered something. */
export interface Found {
  readonly comparison?: Comparison
  readonly finding?: Finding
  /** Why the task is refused, where its golden does not say so. */
  readonly refusals?: ReadonlyArray<Finding>
  /** What the golden should say. */
  readonly wanted: string
  /** Whether it says that to the letter. */
  readonly isExact?: true
  readonly used: ReadonlyArray<IgnoreRule>
}

/** Whether a task comes to its golden. */
export const ofCase = (suite: Suite, ignore: ReadonlyArray<IgnoreRule>, one: GoldenCase): Found => {
  const { golden, loaded, document } = one
  const shown = suite.config.show_env
  const wanted = pretty(redact(document, shown, loaded.offline.spread))
  if (!disk.exists(golden)) return { finding: missing(one), used: [], wanted }
  const text = disk.read(golden)
  // Nearly all goldens are as they should be: equal bytes need no second look.
  if (E.isRight(text) && text.right === wanted) return { used: [], wanted, isExact: true }
  const stored = E.chain(storedIn(golden))(text)
  if (E.isLeft(stored)) return { finding: unreadable(one, stored.left), used: [], wanted }
  const { comparison, used } = comparisonOf(
    {
      name: nameOf(loaded),
      task: one.task,
      labels: [golden, nameOf(loaded)],
      before: { document: stored.right, loaded: undefined },
      after: { document, loaded }
    },
    { shown, ignore }
  )
  const isStored = isEqual(member(stored.right, 'issues'), member(document, 'issues'))
  const refusals = isStored ? [] : refusalFindings({ document, loaded, issues: one.issues })
  return { ...(comparison === undefined ? {} : { comparison }), used, refusals, wanted }
}

const EARLIER =
  'is of an earlier version, without all that is compared today: run `golden update`, and read what it adds'

const storedIn = (golden: string) => (text: string): E.Either<string, Json> => {
  const value = parseJson(text)
  if (E.isLeft(value)) return E.left(`${golden}: is no JSON: ${value.left}`)
  if (isEarlierDocument(value.right))
    return E.left(`${golden}: ${EARLIER}`)
  return isDocument(value.right)
    ? E.right(value.right)
    : E.left(`${golden}: is no golden: \`golden update\` writes it anew`)
}

const missing = ({ loaded, task, golden }: GoldenCase): Finding => ({
  rule: 'golden-missing',
  level: 'error',
  message: `has no golden ${golden}: \`golden update\` writes it`,
  place: loaded.placeOf(inTask()),
  task
})

const unreadable = ({ golden, task }: GoldenCase, message: string): Finding =>
  ({ rule: 'golden-unreadable', level: 'error', message, place: { file: golden }, task })
