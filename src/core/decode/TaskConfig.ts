import * as F from '../field/Field'
import { fieldsCodec } from '../field/fieldsCodec'
import { confinement } from './task/confinement'
import { elsewhere } from './task/elsewhere'
import { files } from './task/files'
import { image } from './task/image'
import { limits } from './task/limits'
import { namespaces } from './task/namespaces'
import { network } from './task/network'
import { process } from './task/process'

/**
 * The options of a task's `config {}` block: those of the documented driver, and those of the docker driver that a
 * containerd host can serve.
 */
export const fields = {
  ...image,
  ...process,
  ...network,
  ...confinement,
  ...namespaces,
  ...limits,
  ...files
} as const satisfies F.Fields

export type TaskConfig = F.TypeOf<typeof fields>

export type MountConfig = TaskConfig['mounts'][number]

export const codec = fieldsCodec('task', fields, elsewhere)
