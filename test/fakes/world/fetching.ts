import * as E from 'fp-ts/Either'

import { isTimeUp } from '../../../src/effects/Clock'
import { Performing } from '../../../src/effects/Machine'
import { Act, done, Outcome, wrong } from './Outcome'
import { keyOf, State } from './State'

/** Whether the registry lets anybody have an image: one that it has. */
export const checkAccess = (state: State, { name }: Act<'CheckAccess'>): Outcome =>
  state.registry.has(name) ? done : wrong('NotFound', `ask for image ${name}`, 'registry has no such image')

export const pullImage = async (state: State, act: Act<'PullImage'>, { signal, tell }: Performing, isGone: () => boolean): Promise<Outcome> => {
  const offered = state.registry.get(act.name)
  if (offered === undefined) return wrong('NotFound', `pull ${act.name}`, 'registry has no such image')
  await state.clock.sleep(Math.min(offered.takesMs, act.timeoutMs), signal)
  if (isGone()) return wrong('Unavailable', `pull ${act.name}`, 'who pulled is gone')
  if (signal.aborted && !isTimeUp(signal)) return wrong('Cancelled', `pull ${act.name}`, 'was stopped')
  if (signal.aborted || offered.takesMs > act.timeoutMs) return wrong('TimedOut', `pull ${act.name}`, 'took longer than image_pull_timeout')
  tell?.({ bytes: offered.bytes, ofBytes: offered.bytes })
  const held = hold(state, act.lease, offered.digest)
  if (E.isLeft(held)) return held
  if (!state.content.has(offered.digest)) state.content.set(offered.digest, new Set())
  state.images.set(act.name, offered)
  return done
}

export const unpackImage = (state: State, { name, lease, snapshotter }: Act<'UnpackImage'>): Outcome => {
  const image = state.images.get(name)
  if (image === undefined) return wrong('NotFound', `read image ${name}`, 'containerd has no image of this name')
  const blob = state.content.get(image.digest)
  if (blob === undefined) return wrong('NotFound', `read image ${name}`, 'its content is not here')
  const key = keyOf({ snapshotter, key: image.chainId })
  if (!state.snapshots.has(key)) {
    const held = hold(state, lease, key)
    if (E.isLeft(held)) return held
    state.snapshots.set(key, { owner: '', parent: '' })
  }
  blob.add(key)
  return done
}

const hold = (state: State, lease: string, what: string): Outcome => {
  const found = state.leases.get(lease)
  if (found === undefined) return wrong('NotFound', `use lease ${lease}`, 'lease does not exist')
  found.holds.add(what)
  return done
}
