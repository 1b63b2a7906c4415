const MISSING = /executable file not found|no such file or directory/
const UNFIT = /permission denied|is a directory|exec format error|operation not permitted/

/**
 * The exit code of a command that the runtime could not start, as shells and docker have it: 127 when there is none,
 * 126 when it is there and is no program. Undefined when the runtime's words tell of something else.
 */
export const startCode = (words: string): 126 | 127 | undefined => {
  if (MISSING.test(words)) return 127
  return UNFIT.test(words) ? 126 : undefined
}
