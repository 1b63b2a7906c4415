import * as E from 'fp-ts/Either'

import { Issue } from '../../core/domain/Issue'
import { Notice } from '../../core/domain/Notice'
import { examineOffline } from '../../core/examineOffline'
import { Finding, Outcome } from '../../core/format/Outcome'
import { wallNotices } from '../../core/policy/openWalls'
import * as explain from '../../core/report/explain'
import { noticesOf } from '../../core/resolve/noticesOf'
import * as Request from '../../core/resolve/Request'
import { runcNotices } from '../../core/resolve/runcNotices'
import { issueWithoutSpread, noticeWithoutSpread } from '../../core/share/Spread'
import { disk } from '../load/Files'
import { inputsOf } from '../load/Input'
import { load } from '../load/load'
import { Loaded, LoadOptions, nameOf } from '../load/Loaded'
import { onlyTasks } from '../load/tasksOf'
import { ofLines } from '../load/Unreadable'
import { Output } from '../output/Output'
import { FormatOptions, outputOf } from '../output/outputOf'

declare const __VERSION__: string

export type CheckOptions = LoadOptions & FormatOptions

/**
 * `check`: every mistake, every refusal and every notice of jobs at once, in the order of their lines. What only a host
 * or an image could know is no finding. 0 clean, 1 findings (with `strict` notices count), 2 something could not be
 * read.
 */
export const checkCommand = async (files: ReadonlyArray<string>, options: CheckOptions): Promise<Output> => {
  const results = await load(inputsOf(disk)(files), options)
  if (E.isLeft(results)) return outputOf({ ...NOTHING, findings: [] }, [ofLines(results.left)], options)
  const opened = results.right.map(E.chain(onlyTasks))
  const all = opened.flatMap((one) => (E.isRight(one) ? [one.right] : []))
  const outcome: Outcome = {
    ...NOTHING,
    findings: inOrder(
      distinct(
        all.flatMap(({ file, tasks, notices }) => [
          ...notices.map((notice) => ofNotice({ file, task: undefined, placeOf: () => ({ file }) }, notice)),
          ...tasks.flatMap(findingsOf)
        ])
      )
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
  const { issues: found, request, named } = examineOffline(loaded.offline)
  const issues = found.map(issueWithoutSpread(spread))
  const notices = [...loaded.notices, ...(request === undefined ? [] : named(noticesOfRequest(request, loaded)))].map(
    noticeWithoutSpread(spread)
  )
  return [
    ...issues.map((issue) => ofIssue(loaded, issue)),
    ...notices.map((notice) => ofNotice(loaded, notice))
  ]
}

const noticesOfRequest = (request: Request.Request, { offline }: Loaded): ReadonlyArray<Notice> =>
  [...noticesOf(request), ...wallNotices(request.policy), ...runcNotices(request, offline.facts.host)]

const ofIssue = ({ task, placeOf }: Loaded, issue: Issue): Finding => ({
  rule: dashed(issue._tag),
  level: 'error',
  message: explain.issue(issue),
  place: placeOf(issue.at),
  ...(issue.at.document === 'plugin' ? {} : { task })
})

/** `RefusedByPolicy` as `refused-by-policy`. */
const dashed = (tag: string): string => tag.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()

const ofNotice = (
  { task, placeOf }: Pick<Loaded, 'file' | 'placeOf'> & { readonly task: string | undefined },
  notice: Notice
): Finding => ({
  rule: 'notice',
  level: 'note',
  message: explain.noticed(notice),
  place: placeOf(notice.at),
  ...(task === undefined || notice.at.document === 'plugin' ? {} : { task })
})

/**
 * The operator's mistakes and notices are the same for every task, and so is a note at one place that tasks share (the
 * network of their group): they are told once.
 */
const distinct = (findings: ReadonlyArray<Finding>): ReadonlyArray<Finding> => {
  const told = new Map(findings.toReversed().map((finding) => [keyOf(finding), finding]))
  return [...told.values()].toReversed()
}

const keyOf = (finding: Finding): string =>
  JSON.stringify(finding.level === 'note' && finding.place?.line !== undefined ? { ...finding, task: '' } : finding)

/** Findings in the order of the files, and in a file of the lines; what has no line comes first. */
const inOrder = (findings: ReadonlyArray<Finding>): ReadonlyArray<Finding> => {
  const files = [...new Set(findings.map(({ place }) => place?.file))]
  const rankOf = ({ place }: Finding): readonly [number, number, number] => [
    files.indexOf(place?.file), place?.line ?? 0, place?.column ?? 0
  ]
  return findings
    .map((finding) => ({ finding, rank: rankOf(finding) }))
    .sort(({ rank: a }, { rank: b }) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
    .map(({ finding }) => finding)
}
