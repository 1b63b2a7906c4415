import * as E from 'fp-ts/Either'

import { Failure } from '../../../src/core/domain/Failure'
import { OWNER } from '../../../src/core/domain/labels'
import { Facts, none } from '../../../src/core/facts/Facts'
import { Question } from '../../../src/core/facts/Question'
import { sampleFacts } from '../../../src/core/facts/sampleFacts'
import * as ImageConfig from '../../../src/core/image/ImageConfig'
import { identityOf } from '../../../src/core/live/Live'
import { Exit, exitOf, fromLabel, toLabel } from '../../../src/core/watch/exitOf'
import { Reading } from '../../../src/core/watch/Reading'
import { Observed } from '../../../src/core/watch/recoverOf'
import { waitFor } from './ending'
import { Ended } from './Process'
import { keyOf, State, taskOf } from './State'

/** The sample's answers, and of images what is here and unpacked. */
export const answer = (state: State, questions: ReadonlyArray<Question>): Facts => {
  const facts = sampleFacts(questions, none, ImageConfig.empty)
  const images = questions.flatMap((question) => {
    if (question._tag !== 'AskImage') return []
    const image = state.images.get(question.record ?? question.name)
    const sample = facts.images[question.name]
    const isHere = image !== undefined && state.snapshots.has(keyOf({ snapshotter: question.snapshotter, key: image.chainId }))
    return isHere && sample !== undefined ? [[question.name, { ...sample, ...image }] as const] : []
  })
  return { ...facts, images: Object.fromEntries(images) }
}

const exitOfEnded = ({ status, oomKills, atMs }: Ended): Exit => exitOf(status, oomKills, atMs)

export const observe = (state: State, container: string): Observed => {
  const record = state.containers.get(container)
  if (record === undefined) return { _tag: 'Absent' }
  const { owner, exit: label } = record
  const task = taskOf(state, container)
  if (task === undefined || task.shim.signal.aborted) return { _tag: 'Unknown', owner, label: fromLabel(label ?? '') }
  const ended = task.process.ended()
  return ended === undefined ? { _tag: 'Running', owner } : { _tag: 'Ended', owner, exit: exitOfEnded(ended) }
}

export const exit = async (state: State, container: string, signal: AbortSignal): Promise<E.Either<Failure, Exit>> =>
  E.map(exitOfEnded)(await waitFor(state, container, signal))

export const noteExit = (state: State, container: string, ended: Exit): E.Either<Failure, void> => {
  if (state.isFull) return E.left(Failure('Full', `label container ${container}`, 'no space left on device'))
  const record = state.containers.get(container)
  if (record !== undefined) record.exit = toLabel(ended)
  return E.right(undefined)
}

/** The owners of the containers of a task. */
export const runs = ({ containers }: State, allocId: string, task: string): ReadonlyArray<string> =>
  [...containers.values()].flatMap(({ owner, asked }) => {
    const identity = identityOf({ ...asked?.labels, [OWNER]: owner })
    return identity?.allocId === allocId && identity.task === task ? [owner] : []
  })

/** A task that is half busy. */
export const reading = (state: State, container: string, atMs: number): Reading | undefined => {
  const task = taskOf(state, container)
  if (task?.process.status() !== 'running') return undefined
  const cpuNs = (atMs / 2) * 1e6
  return {
    atMs, cgroups: 'v2', cpuNs, userNs: cpuNs, systemNs: 0, throttledPeriods: 0, throttledNs: 0,
    rss: 1, cache: 1, swap: 0, usage: 2, maxUsage: 2, kernel: 0, kernelMax: undefined, oomKills: task.process.oomKills(), processes: []
  }
}
