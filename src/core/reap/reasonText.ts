import { Because } from './orphans'

/** Why something is taken away, for people. */
export const reasonText = (because: Because): string => {
  switch (because) {
    case 'AllocationGone':
      return 'the directory of its allocation is gone'
    case 'StartedAnew':
      return 'its task was started anew'
    case 'NotFoundAgain':
      return 'its task does not run, and Nomad has not asked for it again'
    case 'NoContainer':
      return 'its container is gone'
    case 'MakerGone':
      return 'the process that made it is gone, and it belongs to no task'
  }
}
