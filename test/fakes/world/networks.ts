import * as E from 'fp-ts/Either'

import { Attachment } from '../../../src/core/domain/Cni'
import { OWNER } from '../../../src/core/domain/labels'
import { identityOf } from '../../../src/core/live/Live'
import { Performing } from '../../../src/effects/ports/Machine'
import { Act, done, Outcome, wrong } from './Outcome'
import { State, taskOf } from './State'

/** A container in a network: how it joined, and the address that it was given. */
export interface Joined {
  readonly owner: string
  readonly attachment: Attachment
  readonly address: string
}

export const makeNamespace = ({ namespaces }: State, { path }: Act<'MakeNamespace'>, { owner }: Performing): Outcome => {
  if (!namespaces.has(path)) namespaces.set(path, { owner })
  return done
}

const MOST = 250

/** The lowest address that nobody has. */
const free = ({ networks }: State): string | undefined => {
  const taken = new Set([...networks.values()].map(({ address }) => address))
  return Array.from({ length: MOST }, (_, index) => `10.9.0.${String(index + 2)}`).find((address) => !taken.has(address))
}

export const joinNetwork = (state: State, { _tag, ...attachment }: Act<'JoinNetwork'>, { owner }: Performing): Outcome => {
  const doing = `join network ${attachment.network}`
  if (!state.namespaces.has(attachment.netns)) return wrong('Unavailable', doing, `no network namespace is at ${attachment.netns}`)
  if (state.networks.has(attachment.container)) return wrong('Unavailable', doing, 'it has an address already')
  const address = free(state)
  if (address === undefined) return wrong('Unavailable', doing, 'no addresses are left')
  state.networks.set(attachment.container, { owner, attachment, address })
  return E.right({ _tag: 'Words', words: { address, addresses: address } })
}

const LOOK_EVERY_MS = 200

/** The container of a task, or of an id, whose process runs. */
const runningOf = (state: State, of: Act<'ShareNamespace'>['of']): string | undefined =>
  [...state.containers].find(([id, { owner, asked }]) => {
    const identity = identityOf({ ...asked?.labels, [OWNER]: owner })
    const isMeant = of._tag === 'Container' ? of.id === id : identity?.allocId === of.allocId && identity.task === of.task
    return isMeant && taskOf(state, id)?.process.status() === 'running'
  })?.[0]

/** Holds the namespace of another's process, once that runs. */
export const shareNamespace = async (
  state: State, { path, of, withinMs }: Act<'ShareNamespace'>, { owner, signal }: Performing, isGone: () => boolean
): Promise<Outcome> => {
  const untilMs = state.clock.now() + withinMs
  while (runningOf(state, of) === undefined) {
    if (state.clock.now() >= untilMs || signal.aborted) return wrong('NotFound', 'join the network of another', 'it does not run')
    await state.clock.sleep(LOOK_EVERY_MS, signal)
  }
  if (isGone()) return wrong('Unavailable', 'join the network of another', 'the caller is gone')
  state.namespaces.set(path, { owner })
  return E.right({ _tag: 'Words', words: { addresses: '' } })
}
