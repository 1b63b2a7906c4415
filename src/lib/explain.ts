import { Issue } from '../core/domain/Issue'
import { Notice } from '../core/domain/Notice'
import { issue, notice } from '../core/report/explain'

/**
 * An issue or a notice as one sentence on one line: option, value, reason, way out. Shows no secret, and nothing that a
 * terminal obeys.
 */
export const explain = (one: Issue | Notice): string => {
  if (typeof one !== 'object' || (one as unknown) === null) return ''
  return '_tag' in one ? issue(one) : notice(one)
}
