import { Issue } from '../../core/domain/Issue'
import { Finding } from '../../core/format/Outcome'
import * as explain from '../../core/report/explain'
import { Half } from './Half'

/** A finding for each reason why a task is refused: what does not run is told, whatever else differs. */
export const refusalFindings = (half: Half | undefined): ReadonlyArray<Finding> => {
  const { loaded, issues = [] } = half ?? {}
  return loaded === undefined
    ? []
    : issues.map((issue) => ({
        rule: dashed(issue._tag),
        level: 'error',
        message: explain.issue(issue),
        place: loaded.placeOf(issue.at),
        ...(loaded.task === '' ? {} : { task: loaded.task })
      }))
}

/** `RefusedByPolicy` as `refused-by-policy`. */
const dashed = (tag: Issue['_tag']): string => tag.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()
