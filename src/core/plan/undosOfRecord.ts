import { clean } from '../domain/path'
import { Undo } from './Step'

/** What containerd keeps of a container, as far as it has to be taken back. `sources` are the host paths that its spec mounts. */
export interface ContainerRecord {
  readonly container: string
  readonly snapshotter: string
  readonly key: string
  readonly sources: ReadonlyArray<string>
}

/**
 * What takes a container back of which only its record is known: the undos of the plan that started it, newest first. A generated
 * file is one that the container mounts from its own directory below the state directory.
 */
export const undosOfRecord = (
  { container, snapshotter, key, sources }: ContainerRecord, stateDirectory: string
): ReadonlyArray<Undo> => [
  { _tag: 'KillTask', container },
  { _tag: 'DeleteTask', container },
  { _tag: 'DeleteContainer', container },
  ...(key === '' ? [] : [{ _tag: 'RemoveSnapshot', snapshotter, key } as const]),
  { _tag: 'DropLease', lease: container },
  ...sources
    .filter((source) => source.startsWith(`${clean(stateDirectory)}/${container}/`))
    .map((path): Undo => ({ _tag: 'RemoveFile', path }))
]
