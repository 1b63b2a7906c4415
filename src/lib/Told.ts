import { pathText } from '../core/domain/DocumentPath'
import * as Core from '../core/domain/Issue'
import * as CoreNotice from '../core/domain/Notice'

/**
 * One mistake in the input. `at` is the option's path (`task.mounts[0].target`), `value` is absent when secret or
 * missing.
 */
export interface Issue extends Omit<Core.Issue, 'at'> {
  readonly at: string
}

/** Something legal that is worth a word, and where: it never changes the outcome. */
export interface Notice extends Omit<CoreNotice.Notice, 'at'> {
  readonly at: string
}

export const toldIssue = (issue: Core.Issue): Issue => ({ ...issue, at: pathText(issue.at) })

export const toldNotice = (notice: CoreNotice.Notice): Notice => ({ ...notice, at: pathText(notice.at) })
