import { Goes, Stays } from './verdicts'

/** Why an image stays or goes, for people. */
export const reasonText = (because: Stays | Goes): string => {
  switch (because) {
    case 'NotPulled':
      return 'this driver did not pull it'
    case 'AnotherAgents':
      return 'another agent pulled it'
    case 'ByHand':
      return 'it was pulled by hand'
    case 'Kept':
      return '`gc.keep` names it'
    case 'InUse':
      return 'it is in use'
    case 'Starting':
      return 'a task is being started with it'
    case 'Young':
      return '`gc.image_delay` is not over'
    case 'Unused':
      return 'nothing has used it for `gc.image_delay`'
    case 'DiskFull':
      return 'the disk is fuller than `gc.disk_high`, and nothing uses it'
  }
}

/** Whether it goes. */
export const goes = (because: Stays | Goes): because is Goes => because === 'Unused' || because === 'DiskFull'
