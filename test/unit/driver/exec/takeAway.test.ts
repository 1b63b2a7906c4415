import * as E from 'fp-ts/Either'

import { Failure, FailureTag } from '../../../../src/core/domain/Failure'
import { takeAway } from '../../../../src/driver/takeAway'
import { Ports } from '../../../../src/effects/ports/Ports'
import { VirtualClock } from '../../../fakes/VirtualClock'
import { World } from '../../../fakes/World'

interface Taking {
  readonly clock: VirtualClock
  /** When each try was made, in milliseconds from the first. */
  readonly tries: Array<number>
  readonly logged: Array<string>
  readonly isOver: () => boolean
}

/** Takes away a command whose killing fails as it is said, try by try; then it works. */
const take = (failures: (tried: number) => FailureTag | undefined, isOver: () => boolean = () => false): Taking => {
  const { clock } = World()
  const [tries, logged]: [Array<number>, Array<string>] = [[], []]
  const before = clock.now()
  const { ports: usual } = World().incarnate()
  const ports: Ports = {
    ...usual,
    clock,
    log: (_level, message) => { logged.push(message) },
    machine: () => ({
      perform: () => () => Promise.reject(new Error('nothing is done')),
      revert: ({ _tag }) => () => {
        if (_tag !== 'KillExec') return Promise.resolve(E.right(undefined))
        const failure = failures(tries.length)
        tries.push(clock.now() - before)
        return Promise.resolve(failure === undefined ? E.right(undefined) : E.left(Failure(failure, 'kill', 'no')))
      }
    })
  }
  const place = { address: '/c.sock', namespace: 'nomad' }
  const state = { isOver: false }
  const undos = [{ _tag: 'KillExec', container: 'c', exec: 'e' }, { _tag: 'DeleteExec', container: 'c', exec: 'e' }] as const
  void takeAway(ports, { place, owner: 'o', container: 'c', stateDirectory: undefined, isOver }, undos).then(() => { state.isOver = true })
  return { clock, tries, logged, isOver: () => state.isOver }
}

describe('what cannot be taken back now is tried again', () => {
  it.each<FailureTag>(['Unavailable', 'TimedOut', 'Unknown'])('after %s, later and later, until it works', async (tag) => {
    const one = take((tried) => (tried < 9 ? tag : undefined))
    await one.clock.pass(60_000)
    expect(one.tries).toEqual([0, 100, 300, 700, 1500, 3100, 6300, 11_300, 16_300, 21_300])
    expect([one.isOver(), one.logged]).toEqual([true, []])
  })

  it('as long as its task lives', async () => {
    const one = take(() => 'Unavailable')
    await one.clock.pass(24 * 60 * 60_000)
    expect([one.isOver(), one.logged]).toEqual([false, []])
    expect(one.tries.length).toBeGreaterThan(17_000)
  })

  it('for a minute once its task is over; then what is left is told', async () => {
    const one = take(() => 'Unavailable', () => true)
    await one.clock.pass(50_000)
    expect(one.isOver()).toBe(false)
    await one.clock.pass(20_000)
    expect([one.isOver(), one.logged]).toEqual([true, ['something of an exec is left']])
  })

  it.each<FailureTag>(['Denied', 'Invalid'])('but not after %s, which does not pass', async (tag) => {
    const one = take(() => tag)
    await one.clock.pass(60_000)
    expect([one.tries, one.isOver(), one.logged]).toEqual([[0], true, ['something of an exec is left']])
  })
})
