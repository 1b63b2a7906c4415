import { placeIn } from '../core/domain/DocumentPath'
import { issue, notice } from '../core/report/explain'
import { Issue, Notice } from './Told'

/**
 * An issue or a notice as one sentence on one line: option, value, reason, way out. Shows no secret, and nothing that a
 * terminal obeys.
 */
export const explain = (one: Issue | Notice): string => {
  if (typeof one !== 'object' || (one as unknown) === null) return ''
  const at = placeIn(typeof (one.at as unknown) === 'string' ? one.at : '')
  if (!('_tag' in one)) return notice({ at, text: one.text })
  const { _tag, value, reason, hint } = one
  return issue({
    _tag, at, reason, ...(value === undefined ? {} : { value }), ...(hint === undefined ? {} : { hint })
  })
}
