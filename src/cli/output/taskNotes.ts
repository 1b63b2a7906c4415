import * as E from 'fp-ts/Either'

import { DocumentPath } from '../../core/domain/DocumentPath'
import { Issue } from '../../core/domain/Issue'
import { Notice } from '../../core/domain/Notice'
import { printable } from '../../core/domain/printable'
import { FilePlace } from '../../core/format/Outcome'
import { placeText } from '../../core/format/phrases'
import { Translated } from '../../core/offline'
import * as explain from '../../core/report/explain'
import { Loaded } from '../load/Loaded'

/**
 * What is told of a task on stderr: its notices, and the issues of a refusal, each after its line of the job file where
 * that is known.
 */
export const taskNotes = (loaded: Loaded, { outcome, notices }: Translated): string =>
  [
    ...[...loaded.notices, ...notices].map((notice) => noticeLine(loaded, notice)),
    ...(E.isLeft(outcome) ? outcome.left.map((issue) => issueLine(loaded, issue)) : [])
  ].map((line) => `${line}\n`).join('')

const noticeLine = (loaded: Loaded, notice: Notice): string => before(loaded, notice.at) + explain.notice(notice)

export const issueLine = (loaded: Loaded, issue: Issue): string => before(loaded, issue.at) + explain.issue(issue)

// Of the two files that surround a job's task, the operator's is never the one that the reader thinks of.
const before = ({ place: inJob, placeOf }: Loaded, at: DocumentPath): string => {
  const place = placeOf(at)
  return place.line !== undefined || (inJob !== undefined && at.document === 'plugin') ? `${spot(place)}: ` : ''
}

/** A place as editors and people read it: `file:line,column`. */
export const spot = (place: FilePlace): string => printable(placeText(place))
