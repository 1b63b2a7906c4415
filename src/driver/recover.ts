import * as E from 'fp-ts/Either'

import { recoverOf } from '../core/watch/recoverOf'
import { attempt } from '../effects/attempt'
import { Driver, keep } from './Driver'
import { clearExecs } from './exec/clearExecs'
import { decode } from './Handle'
import { Answer } from './Refused'
import { over, watched } from './watch'

/** What Nomad kept of a task. */
export interface Kept {
  readonly id: string
  readonly name: string
  readonly handle: string
}

/** Finds a task again from its handle. One that ended meanwhile is found too, with its exit. */
export const recover = async (driver: Driver, { id, name, handle: text }: Kept): Promise<Answer<void>> => {
  const { ports, lives } = driver
  if (lives.has(id)) return E.right(undefined)
  const handle = decode(text)
  if (handle === undefined) return E.left({ _tag: 'ForeignHandle' })
  const observed = await attempt(`look for ${handle.containerId}`, ports.reads(handle).observe(handle.containerId))
  if (E.isLeft(observed)) return E.left({ _tag: 'Failed', failure: observed.left })
  // Nomad may have asked twice.
  if (lives.has(id)) return E.right(undefined)
  const recovery = recoverOf(id, observed.right)
  switch (recovery._tag) {
    case 'Adopt':
      await clearExecs(driver, { place: handle, owner: id, container: handle.containerId })
      keep(driver, watched(ports, { id, name, handle }))
      return E.right(undefined)
    case 'Exited':
      await clearExecs(driver, { place: handle, owner: id, container: handle.containerId })
      keep(driver, over({ id, name, handle }, recovery.exit))
      return E.right(undefined)
    case 'Gone':
      return E.left({ _tag: 'Gone', because: recovery.because })
  }
}
