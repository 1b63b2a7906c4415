import * as E from 'fp-ts/Either'

import { Issue } from '../core/domain/Issue'
import { Notice } from '../core/domain/Notice'
import { printable } from '../core/domain/printable'
import { FilePlace } from '../core/format/Outcome'
import { Translated } from '../core/offline'
import * as explain from '../core/report/explain'
import { Loaded } from './load/Loaded'

/** What is told of a task on stderr: its notices, and the issues of a refusal, each after its line of the job file where that is known. */
export const toldOf = (loaded: Loaded, { outcome, notices }: Translated): string =>
  [
    ...[...loaded.notices, ...notices].map((notice) => noticeLine(loaded, notice)),
    ...(E.isLeft(outcome) ? outcome.left.map((issue) => issueLine(loaded, issue)) : [])
  ].map((line) => `${line}\n`).join('')

const noticeLine = (loaded: Loaded, notice: Notice): string => before(loaded.placeOf(notice.at)) + explain.notice(notice)

export const issueLine = (loaded: Loaded, issue: Issue): string => before(loaded.placeOf(issue.at)) + explain.issue(issue)

const before = (place: FilePlace): string => (place.line === undefined ? '' : `${spot(place)}: `)

/** A place as editors and people read it: `file:line,column`. */
export const spot = ({ file, line, column }: FilePlace): string =>
  printable(line === undefined ? file : `${file}:${String(line)}${column === undefined ? '' : `,${String(column)}`}`)
