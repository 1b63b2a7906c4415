import { IgnoreRule } from '../../core/diff/Ignore'
import { Finding } from '../../core/format/Outcome'

/** A note for each rule that covered nothing: it hides what comes later, and should go. */
export const unusedRules = (
  rules: ReadonlyArray<IgnoreRule>,
  used: ReadonlySet<IgnoreRule>,
  file: string | undefined
): ReadonlyArray<Finding> =>
  rules
    .filter((rule) => !used.has(rule))
    .map((rule) => ({
      rule: 'unused-ignore',
      level: 'note',
      message: `the ignore rule for ${rule.path} covers nothing any more (it was for: ${rule.reason}); remove it`,
      ...(file === undefined ? {} : { place: { file } })
    }))
