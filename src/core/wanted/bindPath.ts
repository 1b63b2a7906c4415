import { Allocation } from '../decode/Allocation'
import { isAbsolute, resolve } from '../domain/path'
import { taskDir } from './allocationPaths'
import { WantedMount } from './wantedMounts'

/** The host path that a mount binds, or undefined when it binds none (tmpfs, named volume). */
export const bindPath = (
  allocation: Allocation,
  { type, source }: Pick<WantedMount, 'type' | 'source'>
): string | undefined => {
  if (source === '' || type === 'tmpfs') return undefined
  if (type === 'volume' && !isAbsolute(source)) return undefined
  return resolve(taskDir(allocation), source)
}
