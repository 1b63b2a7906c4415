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
