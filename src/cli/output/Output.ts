/**
 * What a command says and how it ends. Exit codes: 0 fine, 1 difference or finding, 2 input error or refusal, 3
 * internal.
 */
export interface Output {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

export const ok = (stdout: string, stderr = ''): Output => ({ stdout, stderr, exitCode: 0 })

/** An input that is wrong, or a refusal: the reasons on stderr. */
export const refused = (stderr: string): Output => ({ stdout: '', stderr, exitCode: 2 })
