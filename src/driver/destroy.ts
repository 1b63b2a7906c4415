import * as E from 'fp-ts/Either'

import { settingAside } from '../core/plan/settingAside'
import { Undo } from '../core/plan/Undo'
import { undosOfRecord } from '../core/plan/undosOfRecord'
import { exitOf, UNKNOWN_EXIT } from '../core/watch/exitOf'
import { within } from '../effects/ports/Clock'
import { Driver } from './Driver'
import { End, lifeOf, Task } from './Life'
import { recordsOf, runningOf } from './recordsOf'
import { Answer } from './Refused'
import { seek } from './seek'
import { soon } from './soon'
import { Containers, takeContainersDown } from './takeDown'

/** Whether all of a task goes, or its container is left where the operator wants that (`gc.container`). */
type Extent = 'Whole' | 'AsConfigured'

/**
 * Takes everything of a task back. One that runs only with `force`; one that is being started is not started; one that
 * this process does not know is looked for by its label. `Whole` also where containers outlive their tasks.
 */
export const destroy = async (
  driver: Driver, id: string, force: boolean, extent: Extent = 'AsConfigured'
): Promise<Answer<void>> => {
  const life = driver.lives.get(id)
  switch (life?._tag) {
    case undefined:
      return seek(driver, id, () => destroyUnknown(driver, id, force, extent))
    case 'Sought':
      await life.over.wait()
      return destroy(driver, id, force, extent)
    case 'Starting':
      life.abort()
      await life.over.wait()
      return destroy(driver, id, force, extent)
    case 'Ending':
      return life.over
    case 'Running':
      return force ? destroyKnown(driver, life.task, extent) : E.left({ _tag: 'StillRuns' })
    case 'Ended':
      return destroyKnown(driver, life.task, extent)
  }
}

const destroyKnown = (driver: Driver, task: Task, extent: Extent): Promise<Answer<void>> => {
  const over = end(driver, task, extent)
  driver.lives.set(task.id, { _tag: 'Ending', task, over })
  return over
}

const SEEN_MS = 10_000

const unseen = (nowMs: number): End =>
  ({ exit: exitOf(UNKNOWN_EXIT, 0, nowMs), error: 'the task was destroyed before its end was seen' })

const end = async (driver: Driver, task: Task, extent: Extent): Promise<Answer<void>> => {
  const { ports, lives } = driver
  const { containerId, stateDirectory, undos } = task.handle
  const all: All = { place: task.handle, owner: task.id, stateDirectory, ids: [containerId], extent }
  const down = await allDown(driver, all, undos)
  if (E.isLeft(down)) {
    lives.set(task.id, lifeOf(task))
    return down
  }
  // Whoever waits for the task is told how it ended before it is forgotten.
  const time = within(ports.clock, SEEN_MS)
  await task.ended.wait(time.signal)
  time.end()
  task.unwatch()
  task.ended.settle(unseen(ports.clock.now()))
  lives.delete(task.id)
  return down
}

const destroyUnknown = async (
  driver: Driver, id: string, force: boolean, extent: Extent
): Promise<Answer<void>> => {
  const found = await recordsOf(driver, id)
  if (E.isLeft(found)) return found
  const running = force ? E.right([]) : await runningOf(driver, found.right)
  if (E.isLeft(running)) return running
  if (running.right.length > 0) return E.left({ _tag: 'StillRuns' })
  const { place, stateDirectory, records } = found.right
  const ids = records.map(({ container }) => container)
  const undos = records.flatMap((record) => undosOfRecord(record, stateDirectory))
  return allDown(driver, { place, owner: id, stateDirectory, ids, extent }, undos)
}

interface All extends Pick<Containers, 'place' | 'owner'> {
  readonly ids: ReadonlyArray<string>
  /** Undefined where only the configuration can tell. */
  readonly stateDirectory: string | undefined
  readonly extent: Extent
}

const allDown = async (
  { ports, configured, beginnings }: Driver, { place, owner, ids, stateDirectory, extent }: All,
  undos: ReadonlyArray<Undo>
): Promise<Answer<void>> => {
  const known = configured()
  if (E.isLeft(known)) return known
  const { config } = known.right
  const wanted = extent === 'Whole' || config.gc.container ? undos : settingAside(undos)
  const state = stateDirectory ?? config.state_dir
  const homes = ids.map((container) => ({ stateDirectory: state, container }))
  const settled = (): Promise<void> => soon(ports.clock, Promise.all(ids.map(beginnings.over)))
  return takeContainersDown(ports, { place, owner, homes, settled }, wanted)
}
