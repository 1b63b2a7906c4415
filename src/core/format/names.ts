/** The names of `--format`. */
export type FormatName = 'text' | 'json' | 'json-patch' | 'sarif' | 'junit' | 'github' | 'markdown' | 'html'

/** The names, in the order of the documentation. */
export const formatNames: ReadonlyArray<FormatName> =
  ['text', 'json', 'json-patch', 'sarif', 'junit', 'github', 'markdown', 'html']

export { VERDICTS } from '../diff/FailOn'
