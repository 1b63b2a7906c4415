import * as E from 'fp-ts/Either'

import { Driver } from '../../../../src/driver/Driver'
import { execTask,Executed } from '../../../../src/driver/execTask'
import { Handle } from '../../../../src/driver/Handle'
import { Answer } from '../../../../src/driver/Refused'
import { start } from '../../../../src/driver/start'
import { rightOf } from '../../../../src/testing/facts'
import { configuredDriver, documentsOf, IMAGE } from '../../../fakes/Nomad'
import { World } from '../../../fakes/World'

export const ID = 'a1/web/1'
export const never = new AbortController().signal

/** A driver with one task that runs, in a world of its own. */
export interface Bench {
  readonly world: World
  readonly driver: Driver
  readonly handle: Handle
  readonly kill: () => void
  readonly before: ReadonlyArray<string>
}

const names = (world: World): ReadonlyArray<string> => world.things().map(([name]) => name)

export const running = async (...program: ReadonlyArray<string>): Promise<Bench> => {
  const world = World({ latencyMs: () => 5 })
  world.state.registry.set(IMAGE, { digest: 'sha256:1', chainId: 'sha256:2', bytes: 1, takesMs: 0 })
  for (const name of ['out', 'err']) {
    world.state.pipes.add(`/alloc/a1/${name}`)
    world.state.readers.add(`/alloc/a1/${name}`)
  }
  const { ports, kill } = world.incarnate()
  const driver = configuredDriver(ports)
  const handle = rightOf(await world.clock.passUntil(start(driver, documentsOf(ID, program)), 60_000))
  return { world, driver, handle, kill, before: names(world) }
}

export const script = (one: Bench, command: ReadonlyArray<string>, timeoutMs = 0, cancelled = never): Promise<Answer<Executed>> =>
  one.world.clock.passUntil(execTask(one.driver, { id: ID, command, timeoutMs }, cancelled), 100_000)

/** What is there besides what the task itself has, once all that is under way is over. */
export const left = async ({ world, before }: Bench, ms = 60_000): Promise<ReadonlyArray<string>> => {
  await world.clock.pass(ms)
  return names(world).filter((name) => !before.includes(name))
}

export const refused = (answer: Answer<unknown>): unknown => (E.isLeft(answer) ? answer.left : 'was done')
