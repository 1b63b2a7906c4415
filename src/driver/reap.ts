import * as E from 'fp-ts/Either'

import { Orphan, orphans } from '../core/reap/orphans'
import { reasonText } from '../core/reap/reasonText'
import { ripe, sighted, Sightings } from '../core/reap/ripe'
import { attempt } from '../effects/ports/attempt'
import { Ports } from '../effects/ports/Ports'
import { destroy } from './destroy'
import { Configured, Driver } from './Driver'
import { inTurn } from './inTurn'
import { refusedText } from './Refused'
import { seek } from './seek'
import { Orphaned, takeOrphan } from './takeOrphan'

const WITHOUT_MS = 60_000
const LEAST_MS = 1000

/**
 * Takes away what this agent's tasks left and no known task has, for as long as the agent listens: a copy of the
 * process that only validates is never listened to, and an agent that is away could not ask for its tasks. Nothing is
 * taken before a start or a recovery has said which agent it is, nor before it was seen as nobody's for the whole
 * grace.
 */
export const reapWhile = (driver: Driver, signal: AbortSignal): Promise<void> =>
  inTurn(driver.reaping, driver.ports.log, () => reapAgain(driver, signal))

const reapAgain = async (driver: Driver, signal: AbortSignal): Promise<void> => {
  const node = await driver.reaping.node.wait(signal)
  if (node === undefined) return
  const sightings = { since: {}, told: new Set<string>() }
  // Slept time is counted: a clock that jumps shortens no grace.
  for (let nowMs = 0; !signal.aborted;) {
    const configured = driver.configured()
    const options = E.isRight(configured) ? configured.right.config.dangling_containers : undefined
    if (E.isRight(configured) && options?.enabled === true) {
      await sweep(driver, configured.right, { node, nowMs, signal, sightings })
    }
    const pauseMs = Math.max(options?.period ?? WITHOUT_MS, LEAST_MS)
    await driver.ports.clock.sleep(pauseMs, signal)
    nowMs += pauseMs
  }
}

interface Sweep {
  readonly node: string
  readonly nowMs: number
  readonly signal: AbortSignal
  /** Since when things have been nobody's, and what was said of them where nothing is to be taken. */
  readonly sightings: { since: Sightings; told: Set<string> }
}

const sweep = async (driver: Driver, { config }: Configured, of: Sweep): Promise<void> => {
  const { ports, lives } = driver
  const { address, namespace, state_dir: stateDirectory, snapshotter, dangling_containers: options } = config
  const place = { address, namespace }
  const wanted = { node: of.node, stateDirectory, snapshotters: [snapshotter] }
  const seen = await attempt('look for what is nobody\'s', ports.reads(place).seen(wanted))
  // What cannot be seen is looked for again.
  if (E.isLeft(seen)) return
  const ended = [...lives].flatMap(([id, { _tag }]) => (_tag === 'Ended' ? [id] : []))
  const found = orphans(seen.right, { node: of.node, owners: [...lives.keys()], ended, stateDirectory })
  of.sightings.since = sighted(found, of.sightings.since, of.nowMs)
  for (const orphan of ripe(found, of.sightings.since, of.nowMs, Math.max(options.creation_grace, LEAST_MS))) {
    if (of.signal.aborted) return
    if (options.dry_run) told(ports, orphan, of.sightings.told)
    else await take(driver, { place, orphan })
  }
}

const wordsOf = ({ id, owner, because }: Orphan): Readonly<Record<string, string>> =>
  ({ thing: id, because: reasonText(because), ...(owner === '' ? {} : { task: owner }) })

const told = ({ log }: Ports, orphan: Orphan, before: Set<string>): void => {
  if (before.has(orphan.id)) return
  before.add(orphan.id)
  log('info', 'would be taken away, were it not for dry_run', wordsOf(orphan))
}

/** Whoever asks for its task meanwhile waits until that is over. */
const take = async (driver: Driver, orphaned: Orphaned): Promise<void> => {
  const { ports: { log } } = driver
  const { orphan } = orphaned
  const life = driver.lives.get(orphan.owner)
  if (life !== undefined && life._tag !== 'Ended') return
  log('info', 'is taken away', wordsOf(orphan))
  const taken = life === undefined
    ? await seek(driver, orphan.owner, () => takeOrphan(driver.ports, orphaned))
    : E.mapLeft(refusedText)(await destroy(driver, orphan.owner, true))
  if (E.isLeft(taken)) log('warn', 'could not be taken away yet', { thing: orphan.id, detail: taken.left })
}
