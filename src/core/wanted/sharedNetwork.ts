import { Allocation } from '../decode/Allocation'
import { TaskConfig } from '../decode/TaskConfig'
import { Neighbour } from '../domain/Neighbour'
import { groupNamespace } from './ownNetwork'

const TASK = 'task:'
const CONTAINER = 'container:'

/** Whether a network mode names another container. */
export const isShared = (mode: string): boolean => mode.startsWith(TASK) || mode.startsWith(CONTAINER)

/** The container whose network a task asks for, as podman's driver (`task:`) and docker's (`container:`) name it. */
export const sharedNetwork = (
  { network_mode: mode = '' }: Partial<Pick<TaskConfig, 'network_mode'>>, allocation: Allocation | undefined
): Neighbour | undefined => {
  if (groupNamespace(allocation) !== '') return undefined
  if (mode.startsWith(TASK)) return { _tag: 'Task', allocId: allocation?.allocId ?? '', task: mode.slice(TASK.length) }
  return mode.startsWith(CONTAINER) ? { _tag: 'Container', id: mode.slice(CONTAINER.length) } : undefined
}
