import { KEPT } from '../domain/labels'
import { targetOf } from '../plan/Step'
import { Undo } from '../plan/Undo'
import { undosOfRecord } from '../plan/undosOfRecord'
import { Seen, SeenContainer, SeenDirectory, SeenLease } from './Seen'
import { undosOfDirectory } from './undosOfDirectory'

/** Why a thing is nobody's. */
export type Because = 'AllocationGone' | 'StartedAnew' | 'NotFoundAgain' | 'NoContainer' | 'MakerGone'

/** Something that belongs to no task that is known, and what takes it back. */
export interface Orphan {
  /** Kind and name: the same at every look. */
  readonly id: string
  readonly owner: string
  /** The container that must not be there when it is taken back; undefined where that does not matter. */
  readonly without?: string
  readonly because: Because
  readonly undos: ReadonlyArray<Undo>
}

/**
 * Who asks. A process of the plugin knows the tasks that it started or found again (`owners`); whoever asks by hand
 * knows none, and cannot tell whether the plugin does (undefined).
 */
export interface Asker {
  /** The id of the Nomad client; nothing of another one is an orphan. */
  readonly node: string
  readonly owners: ReadonlyArray<string> | undefined
  /** Those of them of which it has seen the end. */
  readonly ended: ReadonlyArray<string>
  readonly stateDirectory: string
}

/**
 * What belongs to no task that is known. A task that runs is one only when the directory of its allocation is gone or
 * the same task was started anew; by hand, all of a task only when that directory is gone. A task that is known and has
 * ended is one once that directory is gone: Nomad has given up its destroy. What carries no mark, or another agent's,
 * never is. What was set aside on purpose is one by hand only.
 */
export const orphans = (seen: Seen, asker: Asker): ReadonlyArray<Orphan> => [
  ...seen.containers.flatMap((one) => ofContainer(seen, asker, one)),
  ...ofSnapshots(seen, asker),
  ...seen.leases.flatMap((one) => ofLease(asker, one)),
  ...ofDirectories(seen, asker),
  ...seen.spares.map((path): Orphan =>
    ({ id: `pipe ${path}`, owner: '', because: 'MakerGone', undos: [{ _tag: 'RemoveFile', path }] }))
]

const isKnown = ({ owners = [] }: Asker, owner: string): boolean => owners.includes(owner)

interface Whose {
  readonly node: string
  readonly owner: string
}

const isStrange = (asker: Asker, { node, owner }: Whose): boolean =>
  asker.node === '' || node !== asker.node || owner === ''

const isTaken = (asker: Asker, one: Whose): boolean => isStrange(asker, one) || isKnown(asker, one.owner)

const ofContainer = (seen: Seen, asker: Asker, one: SeenContainer): ReadonlyArray<Orphan> => {
  if (isStrange(asker, one)) return []
  const because = reasonOf(seen, asker, one)
  const { record, owner } = one
  return because === undefined
    ? []
    : [{ id: `container ${record.container}`, owner, because, undos: undosOf(seen, asker, one) }]
}

const reasonOf = (seen: Seen, asker: Asker, one: SeenContainer): Because | undefined => {
  if (asker.owners !== undefined && one.record.labels[KEPT] !== undefined) return undefined
  const isOpen = !isKnown(asker, one.owner) || (asker.ended.includes(one.owner) && one.state !== 'Running')
  if (isOpen && one.allocDir === 'Gone' && !isAway(seen, asker)) return 'AllocationGone'
  if (asker.owners === undefined || isKnown(asker, one.owner)) return undefined
  if (isStartedAnew(seen, asker, one)) return 'StartedAnew'
  return one.state === 'Running' ? undefined : 'NotFoundAgain'
}

/** Where the directory of a task that is known and runs is gone as well, the file system is away, and no allocation. */
const isAway = ({ containers }: Seen, asker: Asker): boolean =>
  containers.some(({ owner, state, allocDir }) => isKnown(asker, owner) && state === 'Running' && allocDir === 'Gone')

const isStartedAnew = ({ containers }: Seen, asker: Asker, { allocId, task }: SeenContainer): boolean =>
  containers.some((other) => isKnown(asker, other.owner) && other.allocId === allocId && other.task === task)

const undosOf = (seen: Seen, { stateDirectory }: Asker, { record }: SeenContainer): ReadonlyArray<Undo> => {
  const directory = seen.directories.find(({ container }) => container === record.container)
  const known = undosOfRecord(record, stateDirectory)
  const names = new Set(known.map(nameOf))
  const more = directory === undefined ? [] : undosOfDirectory(directory).filter((undo) => !names.has(nameOf(undo)))
  // The record leads to all the rest.
  return [...known.slice(0, -1), ...more, ...known.slice(-1)]
}

const nameOf = (undo: Undo): string => `${undo._tag} ${targetOf(undo)}`

const ofSnapshots = (seen: Seen, asker: Asker): ReadonlyArray<Orphan> =>
  seen.snapshots
    .filter((one) => !isTaken(asker, one) && !isNamed(seen, one.key))
    .map(({ snapshotter, key, owner }): Orphan => ({
      id: `snapshot ${key} of ${snapshotter}`, owner, without: key, because: 'NoContainer',
      undos: [{ _tag: 'RemoveSnapshot', snapshotter, key }]
    }))

const isNamed = ({ containers }: Seen, name: string): boolean =>
  containers.some(({ record }) => record.container === name || record.key === name)

/** A lease has no container: only that no task of its owner is known, or may be, tells that nobody needs it. */
const ofLease = (asker: Asker, one: SeenLease): ReadonlyArray<Orphan> => {
  const { lease, owner } = one
  if (isTaken(asker, one) || (asker.owners === undefined && one.allocDir !== 'Gone')) return []
  const because: Because = one.allocDir === 'Gone' ? 'AllocationGone' : 'NotFoundAgain'
  return [{ id: `lease ${lease}`, owner, because, undos: [{ _tag: 'DropLease', lease }] }]
}

const ofDirectories = (seen: Seen, asker: Asker): ReadonlyArray<Orphan> =>
  seen.directories
    .filter((one: SeenDirectory) => !isTaken(asker, one) && !isNamed(seen, one.container))
    .map((one): Orphan => ({
      id: `directory ${one.path}`, owner: one.owner, without: one.container, because: 'NoContainer',
      undos: undosOfDirectory(one)
    }))
