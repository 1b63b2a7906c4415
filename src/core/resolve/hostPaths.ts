import { Allocation } from '../decode/Allocation'
import { MountConfig } from '../decode/TaskConfig'
import { isAbsolute, resolve } from '../domain/path'

/** Where named volumes live: one directory each, made when missing and kept. */
export const VOLUMES = '/var/lib/containerd-driver/volumes'

/** The task's directory on the host, where relative sources start. */
export const taskDir = ({ allocDir, name }: Allocation): string => resolve(allocDir, name)

/** The host path that a mount binds, or undefined when it binds none (tmpfs, named volume). */
export const bindPath = (allocation: Allocation, { type, source }: MountConfig): string | undefined => {
  if (source === '' || type === 'tmpfs') return undefined
  if (type === 'volume' && !isAbsolute(source)) return undefined
  return resolve(taskDir(allocation), source)
}
