import * as E from 'fp-ts/Either'

import { Health, healthOf, Sight } from '../core/watch/healthOf'
import { attempt } from '../effects/ports/attempt'
import { Ports } from '../effects/ports/Ports'
import { Configured, Driver } from './Driver'
import { Answer } from './Refused'

const EVERY_MS = 30_000
const WHEN_DOWN_MS = 1000

/** What containerd says of itself, at once and then every 30 seconds; every second while it is not there. */
export const health = async (
  driver: Driver,
  send: (health: Health) => void,
  signal: AbortSignal
): Promise<Answer<void>> => {
  let seen = false
  let last = ''
  while (!signal.aborted) {
    const configured = driver.configured()
    if (E.isLeft(configured)) return configured
    const sight = await look(driver.ports, configured.right)
    const now = healthOf(sight, seen)
    seen = seen || sight._tag === 'Answers'
    const text = JSON.stringify(now)
    if (text !== last || sight._tag === 'Answers') send(now)
    last = text
    await driver.ports.clock.sleep(sight._tag === 'Silent' ? WHEN_DOWN_MS : EVERY_MS, signal)
  }
  return E.right(undefined)
}

const look = async ({ reads }: Ports, { config: { address, namespace, enabled } }: Configured): Promise<Sight> => {
  if (!enabled) return { _tag: 'Disabled' }
  const outcome = await attempt('ask containerd for its version', reads({ address, namespace }).version())
  return E.isRight(outcome)
    ? { _tag: 'Answers', ...outcome.right }
    : {
        _tag: 'Silent',
        address,
        detail: outcome.left._tag === 'Unavailable' ? 'connection refused or no such socket' : outcome.left.detail
      }
}
