import * as E from 'fp-ts/Either'

import { Issues } from '../core/domain/Issue'
import * as Request from '../core/resolve/Request'
import { fetchOf } from '../core/translate'
import { Place } from '../effects/ports/Ports'
import { announcer } from './announcer'
import { begin } from './begin'
import { Driver, keep, learn } from './Driver'
import { Handle } from './Handle'
import { Life } from './Life'
import { Once } from './Once'
import { Answer, Refused } from './Refused'
import { takeDown } from './takeDown'
import { Telling } from './Telling'
import { watched } from './watch'
import { withImage } from './withImage'
import { cancelledStart, Run, withoutOthers } from './withoutOthers'

/** What Nomad sends of a task: its config, and its task message. */
export type TaskDocuments = Pick<Request.Documents, 'task' | 'allocation'>

/**
 * Starts a task and watches it. Whoever stops or destroys it meanwhile cancels the start, and so does `cancelled`: all
 * of it is taken back before its next act. What another run of the same task left is taken back first.
 */
export const start = async (
  driver: Driver, documents: TaskDocuments, cancelled?: AbortSignal
): Promise<Answer<Handle>> => {
  const configured = driver.configured()
  if (E.isLeft(configured)) return configured
  const { document, config } = configured.right
  const request = Request.decode({ ...documents, plugin: document })
  if (E.isLeft(request)) return E.left(unfit(request.left))
  const { id, nodeId } = request.right.allocation
  learn(driver, nodeId)
  for (let life = driver.lives.get(id); life?._tag === 'Sought'; life = driver.lives.get(id)) await life.over.wait()
  if (driver.lives.has(id)) return E.left({ _tag: 'AlreadyStarted', id })
  const starting = begun(driver, request.right, cancelled)
  try {
    const place = { address: config.address, namespace: config.namespace }
    return await withoutOthers(driver, runOf(request.right), starting.signal, () =>
      startTask(driver, request.right, place, starting.signal))
  } finally {
    starting.end()
  }
}

const unfit = (issues: Issues): Refused => ({ _tag: 'Unfit', issues })

const runOf = ({ allocation: { id, allocId, name, stdoutPath, stderrPath } }: Request.Request): Run =>
  ({ id, allocId, name, pipes: [stdoutPath, stderrPath] })

/** A start that is known to all until it has ended. */
const begun = (
  { lives }: Driver, { allocation: { id, allocId, name } }: Request.Request, cancelled: AbortSignal | undefined
): { readonly signal: AbortSignal; readonly end: () => void } => {
  const stop = new AbortController()
  const abort = (): void => { stop.abort() }
  const life: Life = { _tag: 'Starting', of: { allocId, name }, abort, over: Once<true>() }
  lives.set(id, life)
  cancelled?.addEventListener('abort', abort)
  if (cancelled?.aborted === true) abort()
  const end = (): void => {
    cancelled?.removeEventListener('abort', abort)
    if (lives.get(id) === life) lives.delete(id)
    life.over.settle(true)
  }
  return { signal: stop.signal, end }
}

const startTask = async (
  driver: Driver,
  request: Request.Request,
  place: Place,
  signal: AbortSignal
): Promise<Answer<Handle>> => {
  const { ports } = driver
  const { id, name } = request.allocation
  const handle = await withImage(driver, fetchOf(request).name, signal, () =>
    begin(ports, request, { place, signal, tell: announcer(driver, request) }))
  if (E.isLeft(handle)) return handle
  if (!signal.aborted) {
    const telling = Telling(driver.events, ports.clock, { id, name, isFound: false })
    keep(driver, watched(ports, { id, name, handle: handle.right }, telling))
    return handle
  }
  const down = await takeDown(ports, place, id, handle.right.undos)
  return E.isLeft(down) ? down : E.left(cancelledStart(id))
}
