import { Undo } from './Undo'

/**
 * Whether what is still there, because `left` did not work, needs what `undo` would take away. A task that could not be
 * deleted stands on its files, its snapshot, its network and its record; the record is all that leads to what could not
 * be removed, the pipes all that lead to a command, and a network is left from within its namespace.
 */
export const standsOn = (left: Undo, undo: Undo): boolean => {
  switch (left._tag) {
    case 'DeleteTask':
      return undo._tag !== 'DropLease'
    case 'LeaveNetwork':
      return undo._tag === 'RemoveNamespace' || undo._tag === 'DeleteContainer'
    case 'RemoveNamespace':
    case 'RemoveSnapshot':
    case 'RemoveFile':
    case 'RemoveImage':
    case 'UnpinSource':
    case 'RemoveStreams':
      return undo._tag === 'DeleteContainer'
    case 'KillExec':
    case 'DeleteExec':
      return undo._tag === 'RemoveStreams' && undo.path.endsWith(`/${left.exec}`)
    case 'KillTask':
    case 'DeleteContainer':
    case 'DropLease':
    case 'Keep':
      return false
  }
}
