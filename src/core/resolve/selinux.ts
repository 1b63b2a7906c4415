/** The parts of an SELinux label that a task may choose. */
export type Part = 'user' | 'role' | 'type' | 'level' | 'filetype'

export interface Chosen {
  readonly part: Part | 'disable'
  readonly value: string
}

// Only a level has colons of its own: elsewhere one would begin the next part of the label.
const OPTION = /^(?:label[=:])?(?:(disable)|(user|role|type|filetype):([A-Za-z0-9_.-]+)|(level):([A-Za-z0-9_.:,-]+))$/

/** Reads one of `selinux_opts`; undefined when it is none. */
export const parse = (option: string): Chosen | undefined => {
  const [, disable, name, word, level, range] = OPTION.exec(option) ?? []
  const [part, value] = [name ?? level, word ?? range]
  if (disable !== undefined) return { part: 'disable', value: '' }
  return value !== undefined && isPart(part) ? { part, value } : undefined
}

const isPart = (text: string | undefined): text is Part =>
  ['user', 'role', 'type', 'level', 'filetype'].includes(text ?? '')

/** The label of a process and of the files that only it mounts. */
export interface SelinuxLabels {
  readonly process: string
  readonly mount: string
}

/**
 * The labels that a list of options makes, with the words of container-selinux for what it leaves out; none when there
 * is nothing to say.
 */
export const labelsOf = (options: ReadonlyArray<string>): SelinuxLabels | undefined => {
  const chosen = options.flatMap((option) => parse(option) ?? [])
  if (chosen.length === 0 || chosen.some(({ part }) => part === 'disable')) return undefined
  const of = (part: Part, otherwise: string): string => chosen.findLast((one) => one.part === part)?.value ?? otherwise
  const user = of('user', 'system_u')
  const level = of('level', 's0')
  return {
    process: `${user}:${of('role', 'system_r')}:${of('type', 'container_t')}:${level}`,
    mount: `${user}:object_r:${of('filetype', 'container_file_t')}:${level}`
  }
}
