import { Undo } from './Step'

/**
 * Whether what is still there, because `left` did not work, needs what `undo` would take away. A task that could not be deleted
 * stands on its files, its record and its snapshot; the record is all that leads to files and pins that could not be removed; and a
 * record stands on its snapshot.
 */
export const standsOn = (left: Undo, undo: Undo): boolean => {
  switch (left._tag) {
    case 'DeleteTask':
      return undo._tag !== 'DropLease'
    case 'RemoveFile':
    case 'UnpinSource':
      return undo._tag === 'DeleteContainer'
    case 'DeleteContainer':
      return undo._tag === 'RemoveSnapshot'
    case 'KillTask':
    case 'RemoveSnapshot':
    case 'DropLease':
    case 'Keep':
      return false
  }
}
