import * as E from 'fp-ts/Either'

import { Failure } from '../core/domain/Failure'
import { Issues } from '../core/domain/Issue'
import * as Request from '../core/resolve/Request'
import { Runnable, runnable } from '../core/resolve/Runnable'
import { Place } from '../effects/ports/Ports'
import { announcer } from './announcer'
import { begin } from './begin'
import { Driver, keep } from './Driver'
import { Handle } from './Handle'
import { Life } from './Life'
import { Once } from './Once'
import { Answer, Refused } from './Refused'
import { takeDown } from './takeDown'
import { watched } from './watch'

/** What Nomad sends of a task: its config, and its task message. */
export type TaskDocuments = Pick<Request.Documents, 'task' | 'allocation'>

/** Starts a task and watches it. Whoever stops or destroys it meanwhile cancels the start: all of it is taken back. */
export const start = async (driver: Driver, documents: TaskDocuments): Promise<Answer<Handle>> => {
  const configured = driver.configured()
  if (E.isLeft(configured)) return configured
  const { document, config } = configured.right
  const request = E.chain(runnable)(Request.decode({ ...documents, plugin: document }))
  if (E.isLeft(request)) return E.left(unfit(request.left))
  const { id } = request.right.allocation
  for (let life = driver.lives.get(id); life?._tag === 'Sought'; life = driver.lives.get(id)) await life.over.wait()
  if (driver.lives.has(id)) return E.left({ _tag: 'AlreadyStarted', id })
  const abort = new AbortController()
  const life: Life = {
    _tag: 'Starting',
    abort: () => {
      abort.abort()
    },
    over: Once<true>()
  }
  driver.lives.set(id, life)
  try {
    return await startTask(
      driver,
      request.right,
      { address: config.address, namespace: config.namespace },
      abort.signal
    )
  } finally {
    if (driver.lives.get(id) === life) driver.lives.delete(id)
    life.over.settle(true)
  }
}

const unfit = (issues: Issues): Refused => ({ _tag: 'Unfit', issues })

const startTask = async (
  driver: Driver,
  request: Runnable,
  place: Place,
  signal: AbortSignal
): Promise<Answer<Handle>> => {
  const { ports } = driver
  const { id, name } = request.allocation
  const handle = await begin(ports, request, { place, signal, tell: announcer(driver, request) })
  if (E.isLeft(handle)) return handle
  if (!signal.aborted) {
    keep(driver, watched(ports, { id, name, handle: handle.right }))
    return handle
  }
  const down = await takeDown(ports, place, id, handle.right.undos)
  return E.isLeft(down)
    ? down
    : E.left({ _tag: 'Failed', failure: Failure('Cancelled', `start ${id}`, 'was stopped while it was under way') })
}
