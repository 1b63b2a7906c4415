import { status } from '@grpc/grpc-js'
import * as E from 'fp-ts/Either'

import type { ExitResult, InspectTaskResponse, StartTaskResponse, WaitTaskResponse } from '../../src/generated/nomad/driver'
import { TaskState } from '../../src/generated/nomad/driver'
import { observe } from '../fakes/world/reads'
import { Lived } from '../fakes/world/State'
import { isCalm, Life, Process, reach, say, Sim, thingsOf, Told } from './Sim'

type Answer<A> = E.Either<status, A>

const FAST = 'in a world without mishaps nothing fails'
const TRUE = 'an exit is never invented, and the same to all'

export const onStarted = (sim: Sim, process: Process, life: Life, isAlone: boolean, answer: Answer<StartTaskResponse>): void => {
  if (life.isOver) return
  if (E.isLeft(answer)) {
    const may = life.isEnding || life.isDestroying || answer.left === status.ALREADY_EXISTS || life.program.includes('no-such-program')
    if (isCalm(sim) && !may) say(sim, FAST, `start ${life.id}`)
    return
  }
  const { handle } = answer.right
  if (!isAlone && !life.isDestroying) say(sim, 'a task is started once', life.id)
  if (handle?.config?.id !== life.id) say(sim, 'a handle names its task', life.id)
  life.handle = handle
  life.knownBy = process
  life.lived = sim.world.state.lived.findLast(({ owner }) => owner === life.id)
  if (life.lived === undefined || life.lived.process.status() === 'created') say(sim, 'a start that was answered has started', life.id)
  life.things = thingsOf(sim, life.id)
}

export const onStopped = (sim: Sim, life: Life, answer: Answer<object>): void => {
  if (E.isRight(answer)) {
    const runs = sim.world.state.lived.some(({ owner, process }) => owner === life.id && process.status() === 'running')
    if (runs && !life.isOver && life.startedBy === undefined) say(sim, 'what was stopped has ended', life.id)
  } else if (isCalm(sim) && !isSlow(life)) say(sim, FAST, `stop ${life.id}`)
}

export const onDestroyed = (sim: Sim, life: Life, force: boolean, answer: Answer<object>): void => {
  if (E.isLeft(answer)) {
    if (isCalm(sim) && force && !isSlow(life)) say(sim, FAST, `destroy ${life.id}`)
    return
  }
  if (sim.lives.get(life.id) !== life || life.isOver) return
  const [signal] = life.lived?.process.signals() ?? []
  const isTouched = !life.isEnding && !life.isRemoved && signal !== undefined
  if (isTouched) say(sim, 'a task that Nomad can recover is not touched', `${life.id} was sent signal ${String(signal)}`)
  life.isOver = true
  const left = thingsOf(sim, life.id)
  if (left.length > 0) say(sim, 'after a destroy nothing is left', left.join(', '))
}

const isSlow = ({ program, isShimDead }: Life): boolean => isShimDead || program.some((word) => word.startsWith('hang='))

export const onWaited = (sim: Sim, life: Life, answer: Answer<WaitTaskResponse>): void => {
  if (E.isLeft(answer)) return
  const { result, err } = answer.right
  if (result === undefined) say(sim, 'a wait has a result', life.id)
  else told(sim, life, result, err !== '' && !err.startsWith('OOM Killed: '))
}

export const onInspected = (sim: Sim, life: Life, answer: Answer<InspectTaskResponse>): void => {
  if (E.isLeft(answer)) return
  const { task } = answer.right
  if (task?.result === undefined) say(sim, 'a message of a task is whole', life.id)
  else if (task.state === TaskState.EXITED) told(sim, life, task.result, task.result.exitCode === 255)
}

const told = (sim: Sim, life: Life, { exitCode: code, signal, oomKilled }: ExitResult, isUnknown: boolean): void => {
  const truth = life.lived?.process.ended()
  // What containerd kills behind a dead shim may have ended by itself a moment before.
  const isKilled = life.isShimDead && truth !== undefined && code === 137
  const isTrue = isKilled || (truth !== undefined && truth.status === code && truth.oomKilled === oomKilled)
  const said: Told | 'unknown' = isUnknown && !isTrue ? 'unknown' : { code, signal, oomKilled }
  if (said === 'unknown' ? !mayBeUnknown(sim, life) : !isTrue) {
    say(sim, TRUE, `${life.id} was said to end with ${said === 'unknown' ? 'nobody knows what' : String(code)}, and ended with ${String(truth?.status)}`)
  }
  const [first] = life.told
  if (first !== undefined && JSON.stringify(first) !== JSON.stringify(said)) say(sim, TRUE, `${life.id}: ${JSON.stringify([first, said])}`)
  reach(sim, `told ${said === 'unknown' ? said : 'an exit'}`)
  life.told.push(said)
}

const mayBeUnknown = (sim: Sim, { lived, isDestroying, isRemoved, isShimDead }: Life): boolean =>
  isForgotten(lived) || isRemoved || (isShimDead && !isCalm(sim)) || (isDestroying && !isCalm(sim))

const isForgotten = (lived: Lived | undefined): boolean => lived?.isForgotten === true

/** What is known of a task can be found again. */
export const onRecovered = (sim: Sim, process: Process, life: Life): ((answer: Answer<object>) => void) => {
  const before = isFindable(sim, life)
  return (answer) => {
    if (life.isOver) return
    if (E.isRight(answer)) {
      life.knownBy = process
      return
    }
    life.lostBy = process
    if (answer.left !== status.NOT_FOUND) {
      if (isCalm(sim)) say(sim, FAST, `recover ${life.id}`)
      return
    }
    life.goneBy = process
    if (before && isFindable(sim, life)) say(sim, 'what containerd knows of a task is found again', life.id)
  }
}

const isFindable = ({ world }: Sim, { lived }: Life): boolean => {
  const observed = observe(world.state, lived?.container ?? '')
  return observed._tag === 'Running' || observed._tag === 'Ended' || (observed._tag === 'Unknown' && observed.label !== undefined)
}
