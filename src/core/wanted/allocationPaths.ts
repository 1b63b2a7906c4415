import { Allocation } from '../decode/Allocation'
import { clean, isWithin, resolve } from '../domain/path'

/** The task's directory on the host, where relative sources start. */
export const taskDir = ({ allocDir, name }: Allocation): string => resolve(allocDir, name)

/** The directory that all tasks of the allocation share (Nomad's alloc dir layout). */
export const sharedDir = ({ allocDir }: Allocation): string => resolve(allocDir, 'alloc')

/** Where Nomad's log collector opens files and named pipes as root. */
export const logsDir = (allocation: Allocation): string => `${sharedDir(allocation)}/logs`

export const isInside = ({ allocDir }: Allocation, path: string): boolean => isWithin(clean(allocDir), path)

/** Whether a path shows the logs in a directory of it. What lies above is the allocation's, which no task may bind. */
export const holdsLogs = (allocation: Allocation, path: string): boolean => path === sharedDir(allocation)

/** Whether a path is the logs or lies in them: no task writes there. */
export const isInLogs = (allocation: Allocation, path: string): boolean => isWithin(logsDir(allocation), path)
