import { Allocation } from '../decode/Allocation'
import { TaskConfig } from '../decode/TaskConfig'
import { OWN_IMAGES } from '../domain/labels'
import { clean, isAbsolute, resolve } from '../domain/path'
import { Transport } from '../image/LocalSource'
import { sharedDir, taskDir } from './allocationPaths'
import { containerIdOf } from './identity'

/**
 * An image that is read from a file or directory of the task: where that is on the host, the directory below which no
 * link is followed, and which of the images in it; `""` is the only one. `archive` is a tar of either kind.
 */
export interface LocalImage {
  readonly transport: Transport | 'archive'
  readonly path: string
  readonly below: string
  readonly image: string
}

type Wanted = Pick<TaskConfig, 'image' | 'load'>

/** The image of a task that brings it along; undefined for one of a registry's. */
export const localImage = ({ image, load }: Wanted, allocation: Allocation): LocalImage | undefined => {
  const { source, name } = image.value
  const below = clean(allocation.allocDir)
  if (load !== undefined) {
    const path = resolve(`${taskDir(allocation)}/local`, load)
    return { transport: 'archive', path, below, image: name }
  }
  if (source === undefined) return undefined
  const { transport, path, image: asked } = source
  return { transport, path: onHost(path, allocation), below, image: asked }
}

/** A path as the task has it in its container, or one that starts in its directory. */
const onHost = (path: string, allocation: Allocation): string => {
  const shared = /^\/alloc(\/[^]*)$/.exec(path)?.[1]
  return shared === undefined
    ? clean(`${taskDir(allocation)}/${path}`)
    : clean(`${sharedDir(allocation)}${shared}`)
}

/** Whether an absolute path is one that the task has in its container, in a directory of its allocation. */
export const isOfTask = (path: string): boolean =>
  !isAbsolute(path) || /^\/(?:local|secrets|alloc)\//.test(clean(path))

/**
 * The name under which containerd has the image of a task. One that the task brought along has a name of its own there:
 * no archive of a job ever takes the place of an image that others run.
 */
export const recordName = (task: Wanted, allocation: Allocation): string =>
  localImage(task, allocation) === undefined
    ? task.image.value.name
    : `${OWN_IMAGES}${containerIdOf(allocation).toLowerCase()}:own`
