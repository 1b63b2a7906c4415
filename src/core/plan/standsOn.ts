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
      return undo._tag === 'RemoveNamespace' || isRecord(undo)
    case 'RemoveNamespace':
    case 'RemoveSnapshot':
    case 'RemoveFile':
    case 'RemoveImage':
    case 'UnpinSource':
    case 'RemoveStreams':
      return isRecord(undo)
    case 'KillExec':
    case 'DeleteExec':
      return undo._tag === 'RemoveStreams' && undo.path.endsWith(`/${left.exec}`)
    case 'KillTask':
    case 'DeleteContainer':
    case 'SetAside':
    case 'DropLease':
    case 'Keep':
      return false
  }
}

/** Whether an undo takes the record of a container away, or says of it that nothing is left to take back. */
export const isRecord = ({ _tag }: Undo): boolean => _tag === 'DeleteContainer' || _tag === 'SetAside'
