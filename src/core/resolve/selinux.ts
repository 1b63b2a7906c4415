import { Chosen, Part } from '../value/SelinuxOption'

/** The label of a process and of the files that only it mounts. */
export interface SelinuxLabels {
  readonly process: string
  readonly mount: string
}

/**
 * The labels that some parts make, with the words of container-selinux for what it leaves out; none when there
 * is nothing to say.
 */
export const labelsOf = (chosen: ReadonlyArray<Chosen>): SelinuxLabels | undefined => {
  if (chosen.length === 0 || chosen.some(({ part }) => part === 'disable')) return undefined
  const of = (part: Part, otherwise: string): string => chosen.findLast((one) => one.part === part)?.value ?? otherwise
  const user = of('user', 'system_u')
  const level = of('level', 's0')
  return {
    process: `${user}:${of('role', 'system_r')}:${of('type', 'container_t')}:${level}`,
    mount: `${user}:object_r:${of('filetype', 'container_file_t')}:${level}`
  }
}
