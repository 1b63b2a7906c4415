import { keyOf, State } from './State'

const SOON_MS = 500

/** containerd's garbage collector: what no lease, image or container leads to is removed, with the leases that have expired. */
export const collect = (state: State): void => {
  for (const [name, { expiresAtMs }] of state.leases) if (expiresAtMs <= state.clock.now()) state.leases.delete(name)
  const kept = new Set<string>()
  const keepSnapshot = (key: string): void => {
    if (kept.has(key)) return
    kept.add(key)
    const snapshot = state.snapshots.get(key)
    const [snapshotter = ''] = key.split(' ')
    if (snapshot !== undefined && snapshot.parent !== '') keepSnapshot(keyOf({ snapshotter, key: snapshot.parent }))
  }
  const keep = (what: string): void => {
    if (!state.content.has(what)) { keepSnapshot(what); return }
    kept.add(what)
    for (const key of state.content.get(what) ?? []) keepSnapshot(key)
  }
  for (const { holds } of state.leases.values()) for (const what of holds) keep(what)
  for (const { digest } of state.images.values()) keep(digest)
  for (const container of state.containers.values()) keepSnapshot(keyOf(container))
  for (const key of state.snapshots.keys()) if (!kept.has(key)) state.snapshots.delete(key)
  for (const digest of state.content.keys()) if (!kept.has(digest)) state.content.delete(digest)
}

/** Something was deleted: a collection comes soon. */
export const collectSoon = (state: State): void => {
  if (state.collectionIsDue) return
  state.collectionIsDue = true
  void state.clock.sleep(SOON_MS).then(() => {
    state.collectionIsDue = false
    if (state.isUp) collect(state)
  })
}
