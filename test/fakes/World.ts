import * as E from 'fp-ts/Either'

import { Failure, FailureTag } from '../../src/core/domain/Failure'
import { nothing, Output } from '../../src/core/plan/Output'
import { Do, targetOf, Undo } from '../../src/core/plan/Step'
import { Workshop } from '../../src/effects/execute'
import { VirtualClock } from './VirtualClock'

/** Something that exists: its kind and name, and who made it. */
type Things = Map<string, string>

/** How one act should go wrong: refused, done with its answer lost, or thrown. */
export type Trouble =
  | { readonly _tag: 'Refuse'; readonly step: number; readonly failure: FailureTag }
  | { readonly _tag: 'LoseReply'; readonly step: number; readonly failure: FailureTag }
  | { readonly _tag: 'Throw'; readonly step: number }

/** A containerd in a Map: things by kind and name with their owner, acts in the order they came. */
export interface World extends Workshop {
  readonly things: Things
  readonly log: Array<string>
}

export const World = (already: Iterable<readonly [string, string]> = [], trouble?: Trouble): World => {
  const things: Things = new Map(already)
  const log: Array<string> = []
  let count = -1
  return {
    things,
    log,
    clock: VirtualClock(),
    machine: {
      perform: (act, { owner }) => async () => {
        await Promise.resolve()
        count += 1
        log.push(`${act._tag} ${targetOf(act)}`)
        const mine = trouble?.step === count ? trouble : undefined
        if (mine?._tag === 'Throw') throw new Error('a bug')
        if (mine?._tag === 'Refuse') return E.left(Failure(mine.failure, act._tag, 'refused'))
        const outcome = apply(things, act, owner)
        return mine?._tag === 'LoseReply' ? E.left(Failure(mine.failure, act._tag, 'reply lost')) : outcome
      },
      revert: (undo, { owner }) => async () => {
        await Promise.resolve()
        log.push(`undo ${undo._tag} ${targetOf(undo)}`)
        takeBack(things, undo, owner)
        return E.right(undefined)
      }
    }
  }
}

type Outcome = E.Either<Failure, Output>

const done: Outcome = E.right(nothing)

const make = (things: Things, key: string, owner: string): Outcome => {
  if (things.has(key) && things.get(key) !== owner) return E.left(Failure('AlreadyExists', `make ${key}`, 'is another owner\'s'))
  things.set(key, owner)
  return done
}

const need = (things: Things, key: string): Outcome =>
  things.has(key) ? done : E.left(Failure('NotFound', `use ${key}`, 'does not exist'))

const apply = (things: Things, act: Do, owner: string): Outcome => {
  switch (act._tag) {
    case 'HoldLease':
      return make(things, `lease ${act.lease}`, owner)
    case 'ReleaseLease':
      things.delete(`lease ${act.lease}`)
      return done
    case 'PullImage':
      return E.isLeft(need(things, `lease ${act.lease}`)) ? need(things, `lease ${act.lease}`) : make(things, `image ${act.name}`, 'shared')
    case 'UnpackImage':
      return need(things, `image ${act.name}`)
    case 'MakeDirectory':
      return make(things, `directory ${act.path}`, 'shared')
    case 'WriteFile':
      return make(things, `file ${act.path}`, owner)
    case 'PrepareSnapshot':
      return E.isLeft(need(things, `lease ${act.lease}`)) ? need(things, `lease ${act.lease}`) : make(things, `snapshot ${act.key}`, owner)
    case 'CreateContainer':
      return make(things, `container ${act.container}`, owner)
    case 'CreateTask':
      return E.isLeft(need(things, `container ${act.container}`))
        ? need(things, `container ${act.container}`)
        : make(things, `task ${act.container}`, owner)
    case 'StartTask':
    case 'SendSignal':
    case 'AwaitExit':
      return need(things, `task ${act.container}`)
  }
}

const removeOwn = (things: Things, key: string, owner: string): void => {
  if (things.get(key) === owner) things.delete(key)
}

const takeBack = (things: Things, undo: Undo, owner: string): void => {
  switch (undo._tag) {
    case 'DropLease':
      removeOwn(things, `lease ${undo.lease}`, owner)
      return
    case 'RemoveSnapshot':
      removeOwn(things, `snapshot ${undo.key}`, owner)
      return
    case 'DeleteContainer':
      removeOwn(things, `container ${undo.container}`, owner)
      return
    case 'DeleteTask':
      removeOwn(things, `task ${undo.container}`, owner)
      return
    case 'RemoveFile':
      removeOwn(things, `file ${undo.path}`, owner)
      return
    case 'KillTask':
    case 'Keep':
      return
  }
}
