import { pathText, readPath } from '../core/domain/DocumentPath'
import { isRecord } from '../core/domain/isRecord'
import { Issue as Found, IssueTag } from '../core/domain/Issue'
import * as CoreNotice from '../core/domain/Notice'
import * as Unknown from '../core/domain/Unknown'
import * as Request from '../core/resolve/Request'

/**
 * One mistake in the input. `at` is the option's path (`task.mounts[0].target`), `value` is absent when secret or
 * missing.
 */
export interface Issue {
  readonly _tag: IssueTag
  readonly at: string
  readonly value?: string
  readonly reason: string
  readonly hint?: string
  /** The option of the operator's by which it is refused: `allow_caps`, `volumes.allowed_paths`. */
  readonly policy?: string
  /** Whether the image's files were needed, and had no such name: another image may have it. */
  readonly isLookup?: true
}

/** Something legal that is worth a word, and where: it never changes the outcome. */
export interface Notice {
  readonly at: string
  readonly text: string
}

/** A text that a job has and only a Nomad client can expand, `${meta.version}`, and the option in which it stands. */
export interface ClientText {
  readonly at: string
  readonly name: string
}

/**
 * The three documents as they came: plain values in the driver's types (task, plugin) and proto3 JSON (allocation); and
 * the texts in them that only a client can expand.
 */
export interface Documents {
  readonly task: unknown
  readonly plugin: unknown
  readonly allocation: unknown
  readonly unknown?: ReadonlyArray<ClientText> | undefined
}

export const toldIssue = (issue: Found): Issue => ({ ...issue, at: pathText(issue.at) })

export const toldNotice = (notice: CoreNotice.Notice): Notice => ({ ...notice, at: pathText(notice.at) })

export const toldDocuments = ({ unknown, ...documents }: Request.JobDocuments): Documents => ({
  ...documents,
  ...(unknown === undefined ? {} : { unknown: unknown.map(({ at, name }) => ({ at: pathText(at), name })) })
})

/** What `toldDocuments` told, of whatever was given in its place. */
export const referencesIn = (given: unknown): ReadonlyArray<Unknown.Reference> =>
  (Array.isArray(given) ? (given as ReadonlyArray<unknown>) : []).flatMap((one) =>
    isRecord(one) && typeof one['at'] === 'string' && typeof one['name'] === 'string'
      ? [{ at: readPath(one['at']), name: one['name'] }]
      : [])
