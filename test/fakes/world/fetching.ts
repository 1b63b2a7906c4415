import * as E from 'fp-ts/Either'

import { NODE } from '../../../src/core/domain/labels'
import { isWithin } from '../../../src/core/domain/path'
import { Asked } from '../../../src/core/plan/fetching'
import { Verifier } from '../../../src/core/plan/Verifier'
import { isTimeUp } from '../../../src/effects/ports/Clock'
import { Performing } from '../../../src/effects/ports/Machine'
import { Act, done, Outcome, wrong } from './Outcome'
import { keyOf, Offered, State, Stored } from './State'

/** Whether the registry lets anybody have an image: one that it has. */
export const checkAccess = async (state: State, act: Act<'CheckAccess'>, { signal }: Performing): Promise<Outcome> => {
  const { name, timeoutMs } = act
  const doing = `ask for image ${name}`
  const away = unreached(state.registry.get(name), act, doing)
  if (away !== undefined) return away
  const late = await takes(state, state.registry.get(name)?.thinksMs ?? 0, { timeoutMs }, signal, doing)
  return late ?? (state.registry.has(name) ? done : wrong('NotFound', doing, 'registry has no such image'))
}

export const pullImage = async (state: State, act: Act<'PullImage'>, { mark, signal, tell }: Performing, isGone: () => boolean): Promise<Outcome> => {
  const doing = `pull ${act.name}`
  const offered = state.registry.get(act.name)
  if (offered === undefined) return wrong('NotFound', doing, 'registry has no such image')
  const away = unreached(offered, act, doing)
  if (away !== undefined) return away
  const unfit = unfitFor(offered, act)
  if (unfit !== undefined) return wrong('Invalid', doing, unfit)
  const refused = await verdict(state, offered.digest, act.verifier, signal)
  if (E.isLeft(refused)) return refused
  const late = await takes(state, turnsOf(offered, offered.takesMs, act), act, signal, doing)
  if (isGone()) return wrong('Unavailable', doing, 'who pulled is gone')
  if (late !== undefined) return late
  tell?.({ bytes: offered.bytes, ofBytes: offered.bytes })
  const held = hold(state, act.lease, offered.digest)
  if (E.isLeft(held)) return held
  if (!state.content.has(offered.digest)) state.content.set(offered.digest, new Set())
  state.images.set(act.name, recorded(state, act.name, offered, mark))
  // What takes no time to unpack is unpacked by now, be it that it is too much.
  const { snapshotter, maxBytes, parallel } = act.ahead
  if (snapshotter !== '' && (offered.unpacksInMs ?? 0) === 0)
    await unpackImage(state, { ...act, _tag: 'UnpackImage', snapshotter, maxBytes, parallel }, { signal })
  return done
}

export const verifyImage = async (state: State, { name, digest, verifier }: Act<'VerifyImage'>, { signal }: Performing): Promise<Outcome> => {
  const image = state.images.get(name)
  if (image === undefined) return wrong('NotFound', `verify image ${name}`, 'containerd has no image of this name')
  if (digest !== '' && digest !== image.digest) return wrong('Unavailable', `verify image ${name}`, `it is ${image.digest} by now`)
  return verdict(state, image.digest, verifier, signal)
}

/** What the verifiers say of a digest, the slowest last. */
const verdict = async (state: State, digest: string, { binDir, maxVerifiers, timeoutMs }: Verifier, signal: AbortSignal): Promise<Outcome> => {
  if (binDir === '') return done
  const doing = `verify ${digest}`
  const found = state.verifiers.get(binDir)
  if (found === undefined) return wrong('Invalid', doing, `${binDir} does not exist`)
  // Whoever comes after the most that are asked has nothing to say.
  if (maxVerifiers >= 0 && maxVerifiers < found.count) return done
  await state.clock.sleep(Math.min(found.takesMs, timeoutMs), signal)
  if (signal.aborted) return wrong('Cancelled', doing, 'was stopped')
  if (found.takesMs > timeoutMs) return wrong('TimedOut', doing, 'has not answered')
  return found.refuses.has(digest) ? wrong('Denied', doing, 'is not let in') : done
}

export const loadImage = async (state: State, act: Act<'LoadImage'>, { owner, mark, signal }: Performing): Promise<Outcome> => {
  const doing = `load ${act.path}`
  if ([...state.links].some((link) => link !== act.below && isWithin(act.below, link) && isWithin(link, act.path))) return wrong('Denied', doing, 'it is a link')
  const found = state.archives.get(act.path)
  if (found === undefined) return wrong('NotFound', doing, `there is nothing at ${act.path}`)
  if (found.transport !== act.transport || found.named !== act.named) return wrong('Invalid', doing, `has no image ${act.named} of ${act.transport}`)
  const unfit = unfitFor(found, act)
  if (unfit !== undefined) return wrong('Invalid', doing, unfit)
  const refused = await verdict(state, found.digest, act.verifier, signal)
  if (E.isLeft(refused)) return refused
  const late = await takes(state, found.takesMs, act, signal, doing)
  if (late !== undefined) return late
  const held = hold(state, act.lease, found.digest)
  if (E.isLeft(held)) return held
  if (!state.content.has(found.digest)) state.content.set(found.digest, new Set())
  state.images.set(act.image, recorded(state, act.image, { ...found, owner }, mark))
  return done
}

/** A record that is made says that the driver made it; one that is there is whose it was, unless it is pulled to something else. */
const recorded = ({ images, clock }: State, name: string, { pulled: _pulled, ...image }: Stored & Partial<Offered>, mark: Performing['mark']): Stored => {
  const before = images.get(name)
  const node = mark?.[NODE] ?? ''
  if (before === undefined) return { ...image, pulled: { node, usedAtMs: clock.now() } }
  if (before.pulled === undefined) return image
  if (node === '' || before.pulled.node === '') return { ...image, pulled: { node: '', usedAtMs: clock.now() } }
  return { ...image, pulled: before.digest === image.digest ? before.pulled : { node, usedAtMs: clock.now() } }
}

export const unpackImage = async (state: State, act: Act<'UnpackImage'>, { signal }: Pick<Performing, 'signal'>): Promise<Outcome> => {
  const { name, lease, snapshotter } = act
  const image = state.images.get(name)
  if (image === undefined) return wrong('NotFound', `read image ${name}`, 'containerd has no image of this name')
  const blob = state.content.get(image.digest)
  if (blob === undefined) return wrong('NotFound', `read image ${name}`, 'its content is not here')
  const unfit = unfitFor(image, act)
  if (unfit !== undefined) return wrong('Invalid', `unpack ${name}`, unfit)
  const late = await takes(state, turnsOf(image, image.unpacksInMs ?? 0, act), act, signal, `unpack ${name}`)
  if (late !== undefined) return late
  const key = keyOf({ snapshotter, key: image.chainId })
  if (!state.snapshots.has(key)) {
    const held = hold(state, lease, key)
    if (E.isLeft(held)) return held
    state.snapshots.set(key, { owner: '', parent: '' })
  }
  blob.add(key)
  return done
}

/** A registry that this way does not lead to, or that is silent for too long. */
const unreached = (offered: Offered | undefined, { hosts, silenceMs }: Asked, doing: string): Outcome | undefined => {
  if (offered?.hosts !== undefined && offered.hosts !== hosts) return wrong('NotFound', doing, 'registry has no such image')
  return (offered?.silentMs ?? 0) > silenceMs ? wrong('Unavailable', doing, 'nothing came') : undefined
}

type Fetching = Act<'PullImage' | 'UnpackImage'>

/** Why an image is not what an act asks for. */
const unfitFor = ({ platform, layers = 1, bytes }: Stored, act: Pick<Fetching, 'platform' | 'maxLayers' | 'maxBytes'>): string | undefined => {
  if (platform !== undefined && platform !== act.platform) return `it is for ${platform}`
  if (layers > act.maxLayers) return `it has ${layers} layers`
  return act.maxBytes >= 0 && bytes > act.maxBytes ? `it has ${bytes} bytes` : undefined
}

/** How long something takes that is done a few layers at once, when it takes so long one after the other. */
const turnsOf = ({ layers = 1 }: Stored, ms: number, { parallel }: Fetching): number => ms * Math.ceil(layers / parallel) / layers

const takes = async (
  state: State, ms: number, { timeoutMs }: Pick<Fetching, 'timeoutMs'>, signal: AbortSignal, doing: string
): Promise<Outcome | undefined> => {
  if (ms > 0) await state.clock.sleep(Math.min(ms, timeoutMs), signal)
  if (signal.aborted && !isTimeUp(signal)) return wrong('Cancelled', doing, 'was stopped')
  return signal.aborted || ms > timeoutMs ? wrong('TimedOut', doing, 'took longer than image_pull_timeout') : undefined
}

const hold = (state: State, lease: string, what: string): Outcome => {
  const found = state.leases.get(lease)
  if (found === undefined) return wrong('NotFound', `use lease ${lease}`, 'lease does not exist')
  found.holds.add(what)
  return done
}
