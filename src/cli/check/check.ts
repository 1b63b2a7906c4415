import * as E from 'fp-ts/Either'

import { Issue } from '../../core/domain/Issue'
import { Notice } from '../../core/domain/Notice'
import { printable } from '../../core/domain/printable'
import { Finding, Outcome } from '../../core/format/Outcome'
import { wallNotices } from '../../core/policy/openWalls'
import * as explain from '../../core/report/explain'
import { notExecutedYet } from '../../core/resolve/notExecutedYet'
import { noticesOf } from '../../core/resolve/noticesOf'
import * as Request from '../../core/resolve/Request'
import { runcNotices } from '../../core/resolve/runcNotices'
import { issueWithoutSpread, noticeWithoutSpread } from '../../core/share/Spread'
import { disk } from '../load/Files'
import { inputOf } from '../load/Input'
import { load } from '../load/load'
import { Loaded, LoadOptions, nameOf } from '../load/Loaded'
import { onlyTasks } from '../load/tasksOf'
import { ofLines } from '../load/Unreadable'
import { Output } from '../output/Output'
import { FormatOptions, outputOf } from '../output/outputOf'

declare const __VERSION__: string

export type CheckOptions = LoadOptions & FormatOptions

/**
 * `check`: every mistake, every refusal and every notice of jobs at once, from decoding and policy only: no fact of a
 * host is asked for. 0 clean, 1 findings (with `strict` notices count), 2 something could not be read.
 */
export const checkCommand = async (files: ReadonlyArray<string>, options: CheckOptions): Promise<Output> => {
  const results = await load(files.map(inputOf(disk)), options)
  if (E.isLeft(results)) return outputOf({ ...NOTHING, findings: [] }, [ofLines(results.left)], options)
  const opened = results.right.map(E.chain(onlyTasks))
  const all = opened.flatMap((one) => (E.isRight(one) ? [one.right] : []))
  const outcome: Outcome = {
    ...NOTHING,
    findings: distinct(
      all.flatMap(({ file, tasks, notices }) => [
        ...notices.map((notice) => ofNotice({ file, task: undefined, placeOf: () => ({ file }) }, notice)),
        ...tasks.flatMap(findingsOf)
      ])
    ),
    looked: all.flatMap(({ tasks }) => tasks.map(nameOf))
  }
  return outputOf(
    outcome,
    opened.flatMap((one) => (E.isLeft(one) ? [one.left] : [])),
    options
  )
}

const NOTHING = { command: 'check', version: __VERSION__, comparisons: [], looked: [] } as const

const findingsOf = (loaded: Loaded): ReadonlyArray<Finding> => {
  const { spread = {} } = loaded.offline
  const { issues: found, request } = Request.examine(loaded.offline.documents)
  const issues = found.map(issueWithoutSpread(spread))
  const notices = [...loaded.notices, ...(request === undefined ? [] : noticesOfRequest(request, loaded))].map(
    noticeWithoutSpread(spread)
  )
  const later =
    request === undefined
      ? []
      : notExecutedYet(request)
          .map(issueWithoutSpread(spread))
          .map((issue): Finding => ({ ...ofIssue(loaded, issue), level: 'note' }))
  return [
    ...issues.map((issue) => ofIssue(loaded, issue)),
    ...notices.map((notice) => ofNotice(loaded, notice)),
    ...later
  ]
}

const noticesOfRequest = (request: Request.Request, { offline }: Loaded): ReadonlyArray<Notice> =>
  [...noticesOf(request), ...wallNotices(request.policy), ...runcNotices(request, offline.facts.host)]

const ofIssue = ({ task, placeOf }: Loaded, issue: Issue): Finding => ({
  rule: dashed(issue._tag),
  level: 'error',
  message: explain.issue(issue),
  place: placeOf(issue.at),
  ...(issue.at.startsWith('plugin') ? {} : { task })
})

/** `RefusedByPolicy` as `refused-by-policy`. */
const dashed = (tag: string): string => tag.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()

const ofNotice = (
  { task, placeOf }: Pick<Loaded, 'file' | 'placeOf'> & { readonly task: string | undefined },
  { at, text }: Notice
): Finding => ({
  rule: 'notice',
  level: 'note',
  message: printable(`${at}: ${text}`),
  place: placeOf(at),
  ...(task === undefined || at.startsWith('plugin') ? {} : { task })
})

/** The operator's mistakes and notices are the same for every task: they are told once. */
const distinct = (findings: ReadonlyArray<Finding>): ReadonlyArray<Finding> => {
  const told = new Map(findings.map((finding) => [JSON.stringify(finding), finding]))
  return [...told.values()]
}
