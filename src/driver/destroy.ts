import * as E from 'fp-ts/Either'

import { Undo } from '../core/plan/Undo'
import { undosOfRecord } from '../core/plan/undosOfRecord'
import { exitOf, UNKNOWN_EXIT } from '../core/watch/exitOf'
import { within } from '../effects/ports/Clock'
import { pipesOf } from './clearExecs'
import { Driver } from './Driver'
import { commandsOf } from './Execution'
import { End, lifeOf, Task } from './Life'
import { recordsOf, runningOf } from './recordsOf'
import { Answer } from './Refused'
import { seek } from './seek'
import { soon } from './soon'
import { Commands } from './takeAway'
import { takeDown } from './takeDown'

/**
 * Takes everything of a task back. One that runs only with `force`; one that is being started is not started; one that
 * this process does not know is looked for by its label.
 */
export const destroy = async (driver: Driver, id: string, force: boolean): Promise<Answer<void>> => {
  const life = driver.lives.get(id)
  switch (life?._tag) {
    case undefined:
      return seek(driver, id, () => destroyUnknown(driver, id, force))
    case 'Sought':
      await life.over.wait()
      return destroy(driver, id, force)
    case 'Starting':
      life.abort()
      await life.over.wait()
      return destroy(driver, id, force)
    case 'Ending':
      return life.over
    case 'Running':
      return force ? destroyKnown(driver, life.task) : E.left({ _tag: 'StillRuns' })
    case 'Ended':
      return destroyKnown(driver, life.task)
  }
}

const destroyKnown = (driver: Driver, task: Task): Promise<Answer<void>> => {
  const over = end(driver, task)
  driver.lives.set(task.id, { _tag: 'Ending', task, over })
  return over
}

const SEEN_MS = 10_000

const unseen = (nowMs: number): End =>
  ({ exit: exitOf(UNKNOWN_EXIT, 0, nowMs), error: 'the task was destroyed before its end was seen' })

const end = async (driver: Driver, task: Task): Promise<Answer<void>> => {
  const { ports, lives } = driver
  const { containerId, undos } = task.handle
  const down = await takeAllDown(driver, { ...commandsOf(task), containers: [containerId] }, undos)
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

const destroyUnknown = async (driver: Driver, id: string, force: boolean): Promise<Answer<void>> => {
  const found = await recordsOf(driver, id)
  if (E.isLeft(found)) return found
  const running = force ? E.right([]) : await runningOf(driver, found.right)
  if (E.isLeft(running)) return running
  if (running.right.length > 0) return E.left({ _tag: 'StillRuns' })
  const { place, stateDirectory, records } = found.right
  const containers = records.map(({ container }) => container)
  const undos = records.flatMap((record) => undosOfRecord(record, stateDirectory))
  return takeAllDown(driver, { place, owner: id, stateDirectory, containers }, undos)
}

interface All extends Pick<Commands, 'place' | 'owner' | 'stateDirectory'> {
  readonly containers: ReadonlyArray<string>
}

/**
 * Takes containers down, then the pipes of commands that were begun in them meanwhile. The records go last: they are
 * all that leads to the pipes.
 */
const takeAllDown = async (driver: Driver, of: All, undos: ReadonlyArray<Undo>): Promise<Answer<void>> => {
  const down = (some: ReadonlyArray<Undo>): Promise<Answer<void>> => takeDown(driver.ports, of.place, of.owner, some)
  const rest = await down(undos.filter(({ _tag }) => _tag !== 'DeleteContainer'))
  if (E.isLeft(rest)) return rest
  await soon(driver.ports.clock, Promise.all(of.containers.map(driver.beginnings.over)))
  const found = await Promise.all(of.containers.map((container) => pipesOf(driver, { ...of, container })))
  const unknown = found.find(E.isLeft)
  if (unknown !== undefined) return E.left({ _tag: 'Failed', failure: unknown.left })
  const pipes = found.flatMap((one) => (E.isRight(one) ? one.right : []))
  return down([...pipes, ...undos.filter(({ _tag }) => _tag === 'DeleteContainer')])
}
