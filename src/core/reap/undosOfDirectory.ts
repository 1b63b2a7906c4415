import { OWNER_FILE, PINS } from '../domain/mark'
import { isExecName } from '../plan/planExec'
import { Undo } from '../plan/Undo'
import { SeenDirectory } from './Seen'

// Taken away, it takes the empty directory of pins along.
const NO_PIN = 'none'

/**
 * What takes the driver's own directory of a container back: the networks first, from within their namespaces, then
 * what is in it. Nothing runs in the container any more.
 */
export const undosOfDirectory = ({ path, names, pins, joined }: SeenDirectory): ReadonlyArray<Undo> => [
  ...joined.flatMap((one): ReadonlyArray<Undo> =>
    [{ ...one, _tag: 'LeaveNetwork' }, { _tag: 'RemoveNamespace', path: one.netns }]),
  ...(names.includes(PINS) && pins.length === 0 ? [NO_PIN] : pins)
    .map((name): Undo => ({ _tag: 'UnpinSource', path: `${path}/${PINS}/${name}` })),
  ...names
    .filter((name) => name !== PINS && !joined.some(({ record }) => record === `${path}/${name}`))
    .map((name): Undo => ({ _tag: isExecName(name) ? 'RemoveStreams' : 'RemoveFile', path: `${path}/${name}` })),
  ...(names.length === 0 ? [{ _tag: 'RemoveFile', path: `${path}/${OWNER_FILE}` } as const] : [])
]
