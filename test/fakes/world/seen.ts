import { ALLOC_DIR, NODE, OWNER } from '../../../src/core/domain/labels'
import { identityOf } from '../../../src/core/live/Live'
import { AllocDir, Seen, SeenContainer, SeenDirectory } from '../../../src/core/reap/Seen'
import { State, taskOf } from './State'

/** What there is of the driver's: of an agent where one is named, else of all that carries a mark. */
export const seen = (state: State, node: string | undefined, stateDirectory: string): Seen => {
  const isWanted = ({ owner }: { readonly owner: string }): boolean => {
    const mark = state.marks.get(owner)?.[NODE]
    return mark !== undefined && (node === undefined || mark === node)
  }
  const of = <A extends { readonly owner: string }>(things: ReadonlyMap<string, A>): ReadonlyArray<readonly [string, A]> =>
    [...things].filter(([, one]) => isWanted(one))
  return {
    containers: of(state.containers).map(([container, one]): SeenContainer => ({
      ...whoseOf(state, one.owner), record: { container, ...one }, state: stateOf(state, container), allocDir: allocDirOf(state, one.owner),
      allocId: identityOf({ ...one.labels, [OWNER]: one.owner })?.allocId ?? '', task: identityOf({ [OWNER]: one.owner })?.task ?? ''
    })),
    snapshots: of(state.snapshots).map(([name, { owner }]) => {
      const [snapshotter = '', key = ''] = name.split(' ')
      return { ...whoseOf(state, owner), snapshotter, key }
    }),
    leases: of(state.leases).map(([lease, { owner }]) => ({ ...whoseOf(state, owner), lease, allocDir: allocDirOf(state, owner) })),
    directories: directoriesIn(state, stateDirectory),
    spares: []
  }
}

const whoseOf = ({ marks }: State, owner: string): { readonly owner: string; readonly node: string } => ({ owner, node: marks.get(owner)?.[NODE] ?? '' })

const allocDirOf = ({ marks, removed }: State, owner: string): AllocDir => {
  const path = marks.get(owner)?.[ALLOC_DIR]
  if (path === undefined) return 'Unknown'
  return removed.has(path) ? 'Gone' : 'There'
}

const stateOf = (state: State, container: string): SeenContainer['state'] => {
  const task = taskOf(state, container)
  if (task === undefined) return 'None'
  const status = task.process.status()
  if (status === 'created') return 'Created'
  return status === 'stopped' ? 'Ended' : 'Running'
}

/** What lies below the state directory, by the container in whose directory it is. */
const directoriesIn = (state: State, stateDirectory: string): ReadonlyArray<SeenDirectory> => {
  const networks = [...state.networks.values()].map(({ owner, attachment }) => [attachment.record, owner] as const)
  const owned = [state.files, state.pins, state.streams].flatMap((things) => [...things].map(([path, { owner }]) => [path, owner] as const))
  const all = [...owned, ...networks].filter(([path]) => path.startsWith(`${stateDirectory}/`))
  const containers = new Set(all.map(([path]) => path.slice(stateDirectory.length + 1).split('/')[0] ?? ''))
  return [...containers].map((container) => {
    const path = `${stateDirectory}/${container}`
    const mine = all.filter(([one]) => one.startsWith(`${path}/`))
    const names = mine.map(([one]) => one.slice(path.length + 1).split('/'))
    return {
      ...whoseOf(state, mine[0]?.[1] ?? ''), path, container,
      names: [...new Set(names.map(([name = '']) => name))],
      pins: names.flatMap(([first, pin = '']) => (first === 'mounts' ? [pin] : [])),
      joined: [...state.networks.values()].map(({ attachment }) => attachment).filter(({ record }) => record.startsWith(`${path}/`))
    }
  })
}
