import { status } from '@grpc/grpc-js'
import * as E from 'fp-ts/Either'

import { onDestroyed, onInspected, onRecovered, onStarted, onStopped, onWaited } from './answers'
import { allocDirOf, messageOf } from './nomad'
import { Asked, Life, Process, reach, say, Sim } from './Sim'
import { Streaming, Unary, Wire } from './Wire'

type Hear<A> = (answer: A) => void

const FORBIDDEN: ReadonlyArray<status> = [status.UNAVAILABLE, status.INTERNAL, status.CANCELLED]

/** Asks one RPC and judges its answer, unless Nomad or the process are gone by then. */
const ask = (
  sim: Sim, process: Process, life: Life | undefined, method: Unary, request: Parameters<Wire['ask']>[1], hear: Hear<E.Either<status, never>>
): void => {
  const call = process.wire.ask(method, request)
  const asked: Asked = { what: `${method} ${life?.id ?? ''}`, sinceMs: sim.world.clock.now(), isPatient: method === 'waitTask', life, call }
  sim.asked.add(asked)
  void call.over.then((answer) => {
    if (!sim.asked.delete(asked)) return
    if (E.isLeft(answer) && FORBIDDEN.includes(answer.left.code)) say(sim, 'no RPC answers such a code', `${asked.what}: ${answer.left.details}`)
    reach(sim, `${method} ${E.isLeft(answer) ? status[answer.left.code] : 'OK'}`)
    hear(E.mapLeft(({ code }: { readonly code: status }) => code)(answer) as E.Either<status, never>)
  })
}

/** Opens a stream, which may go on as long as it likes. */
const listen = (sim: Sim, process: Process, life: Life | undefined, method: Streaming, request: object): void => {
  const call = process.wire.listen(method, request, () => undefined)
  const asked: Asked = { what: `${method} ${life?.id ?? ''}`, sinceMs: sim.world.clock.now(), isPatient: true, life, call }
  sim.asked.add(asked)
  void call.over.then((answer) => {
    sim.asked.delete(asked)
    if (E.isLeft(answer) && FORBIDDEN.includes(answer.left.code)) say(sim, 'no RPC answers such a code', `${asked.what}: ${answer.left.details}`)
  })
}

export const start = (sim: Sim, process: Process, life: Life): void => {
  life.startedBy = process
  sim.world.state.removed.delete(allocDirOf(life.id))
  const isAlone = life.handle === undefined
  ask(sim, process, life, 'startTask', { task: messageOf(life) }, (answer) => {
    onStarted(sim, process, life, isAlone, answer)
    // So does Nomad.
    if (E.isRight(answer)) wait(sim, process, life)
  })
}

export const stop = (sim: Sim, process: Process, life: Life, withinMs: number, signal: string): void => {
  life.isEnding = true
  const timeout = { seconds: BigInt(Math.floor(withinMs / 1000)), nanos: (withinMs % 1000) * 1e6 }
  ask(sim, process, life, 'stopTask', { taskId: life.id, timeout, signal }, (answer) => { onStopped(sim, life, answer) })
}

export const destroy = (sim: Sim, process: Process, life: Life, force: boolean, heard: () => void = () => undefined): void => {
  life.isDestroying = true
  if (force) life.isEnding = true
  ask(sim, process, life, 'destroyTask', { taskId: life.id, force }, (answer) => {
    onDestroyed(sim, life, force, answer)
    heard()
  })
}

export const signal = (sim: Sim, process: Process, life: Life, name: string): void => {
  life.isEnding = true
  ask(sim, process, life, 'signalTask', { taskId: life.id, signal: name }, () => undefined)
}

export const wait = (sim: Sim, process: Process, life: Life): void => {
  ask(sim, process, life, 'waitTask', { taskId: life.id }, (answer) => { onWaited(sim, life, answer) })
}

export const inspect = (sim: Sim, process: Process, life: Life): void => {
  ask(sim, process, life, 'inspectTask', { taskId: life.id }, (answer) => { onInspected(sim, life, answer) })
}

/** A task that was destroyed is not known any more. */
export const forgotten = (sim: Sim, process: Process, life: Life): void => {
  ask(sim, process, life, 'inspectTask', { taskId: life.id }, (answer) => {
    if (E.isRight(answer)) say(sim, 'a task that was destroyed is forgotten', life.id)
  })
}

export const recover = (sim: Sim, process: Process, life: Life): void => {
  const { handle } = life
  if (handle === undefined) return
  // After a restart of the agent the config is not in the handle any more.
  const kept = { ...handle, config: handle.config === undefined ? undefined : { ...handle.config, msgpackDriverConfig: Buffer.alloc(0) } }
  const judge = onRecovered(sim, process, life)
  ask(sim, process, life, 'recoverTask', { taskId: '', handle: kept }, (answer) => {
    judge(answer)
    if (E.isRight(answer)) wait(sim, process, life)
  })
}

export const stats = (sim: Sim, process: Process, life: Life): void => {
  listen(sim, process, life, 'taskStats', { taskId: life.id, collectionInterval: undefined })
}

export const fingerprint = (sim: Sim, process: Process): void => { listen(sim, process, undefined, 'fingerprint', {}) }

/** Every call that is under way is cancelled, and nobody hears its answer. */
export const hangUp = (sim: Sim): void => {
  for (const one of sim.asked) {
    sim.asked.delete(one)
    one.call.cancel()
  }
}
