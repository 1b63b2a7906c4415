import * as E from 'fp-ts/Either'

import { PluginConfig } from '../core/decode/PluginConfig'
import { reasonText } from '../core/gc/reasonText'
import { ruleOf } from '../core/gc/ruleOf'
import { usesToNote } from '../core/gc/usesToNote'
import { Asker, goingOf, Rule, Verdict, verdicts } from '../core/gc/verdicts'
import { planNotes } from '../core/plan/planCollection'
import { execute, workshopAt } from '../effects/ports/execute'
import { Driver } from './Driver'
import { inTurn } from './inTurn'
import { lookAtImages } from './lookAtImages'
import { removeImage } from './removeImage'

const MOST_MS = 60_000
const LEAST_MS = 1000
const LOOKS_A_DELAY = 3

/**
 * Removes images that nothing uses, as the operator wants it, for as long as the agent listens: those that this agent's
 * driver pulled, once a start or a recovery has said which agent it is. How long an image was unused is kept with it.
 */
export const collectWhile = (driver: Driver, signal: AbortSignal): Promise<void> =>
  inTurn(driver.collecting, driver.ports.log, () => collectAgain(driver, signal))

const collectAgain = async (driver: Driver, signal: AbortSignal): Promise<void> => {
  const node = await driver.reaping.node.wait(signal)
  if (node === undefined) return
  while (!signal.aborted) {
    const configured = driver.configured()
    const config = E.isRight(configured) ? configured.right.config : undefined
    if (config?.gc.image === true) await collect(driver, config, { node, signal })
    const delayMs = config?.gc.image === true ? config.gc.image_delay : Infinity
    await driver.ports.clock.sleep(Math.min(Math.max(delayMs / LOOKS_A_DELAY, LEAST_MS), MOST_MS), signal)
  }
}

interface Turn {
  readonly node: string
  readonly signal: AbortSignal
}

/** Where the disk is full it is looked at again after what was to be enough: layers may be shared. */
const collect = async (driver: Driver, config: PluginConfig, turn: Turn): Promise<void> => {
  const rule = ruleOf(config.gc)
  for (let now: Rule = rule; ;) {
    const going = await sweep(driver, config, turn, now)
    const isRelieving = going.some(({ because }) => because === 'DiskFull')
    if (!isRelieving || turn.signal.aborted || rule.low === undefined) return
    now = { ...rule, high: rule.low }
  }
}

/** Looks, notes and removes once: what was removed. */
const sweep = async (
  driver: Driver, config: PluginConfig, { node, signal }: Turn, rule: Rule
): Promise<ReadonlyArray<Verdict>> => {
  const { ports: { clock }, images } = driver
  const seen = await lookAtImages(driver.ports, config, rule.high !== undefined)
  // What cannot be seen is looked for again.
  if (E.isLeft(seen)) return []
  const asker: Asker = { node, starting: images.starting(), lastUses: images.lastUses(), nowMs: clock.now() }
  const all = verdicts(seen.right, asker, rule)
  const named = (some: ReadonlyArray<Verdict>): ReadonlyArray<string> => some.map(({ image: { name } }) => name)
  images.note(named(all.filter(({ users }) => users.length > 0)), named(all))
  const workshop = workshopAt(driver.ports, config)
  await execute(workshop, planNotes(node, usesToNote(all, asker, rule.delayMs)), { signal })
  const gone: Array<Verdict> = []
  for (const one of goingOf(all)) {
    if (signal.aborted) return gone
    if (await isRemoved(driver, config, node, one)) gone.push(one)
  }
  return gone
}

const isRemoved = async (
  { ports, images }: Driver, config: PluginConfig, node: string, verdict: Verdict
): Promise<boolean> => {
  const { image: { name }, because } = verdict
  const state = { isGone: false }
  await images.unlessUsed(name, async () => {
    ports.log('info', 'an image is removed', { image: name, because: reasonText(because) })
    const detail = await removeImage(ports, config, node, verdict)
    state.isGone = detail === undefined
    if (detail !== undefined) ports.log('warn', 'an image could not be removed', { image: name, detail })
  })
  return state.isGone
}
