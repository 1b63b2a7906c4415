import type { Verdict } from '../diff/Change'

/** The names of `--format`. */
export type FormatName = 'text' | 'json' | 'json-patch' | 'sarif' | 'junit' | 'github' | 'markdown' | 'html'

/** The names, in the order of the documentation. */
export const formatNames: ReadonlyArray<FormatName> =
  ['text', 'json', 'json-patch', 'sarif', 'junit', 'github', 'markdown', 'html']

/** Verdicts, the one to look at first in front. */
export const VERDICTS: ReadonlyArray<Verdict> = ['weakens', 'unknown', 'neutral', 'tightens']
