import * as E from 'fp-ts/Either'

import { reasonText } from '../../../core/gc/reasonText'
import { SeenImages } from '../../../core/gc/SeenImages'
import { goingOf, Verdict, verdicts } from '../../../core/gc/verdicts'
import * as explain from '../../../core/report/explain'
import { lookAtImages } from '../../../driver/lookAtImages'
import { removeImage } from '../../../driver/removeImage'
import { ok, Output, refused } from '../../output/Output'
import { shortDigest } from '../images/table'
import { Sight, withSight } from '../images/withSight'
import { onlyAgent } from '../onlyAgent'
import { sizeText } from '../sizeText'

/** The options of `gc`. */
export interface GcOptions {
  readonly node?: string
  readonly plugin?: string
  readonly dryRun?: boolean
}

/** `gc`: removes the images of an agent that nothing uses any more; with `--dry-run` it only tells them. */
export const gcCommand = ({ node, plugin, dryRun = false }: GcOptions): Promise<Output> =>
  withSight(plugin, async (sight) => {
    const agent = node === undefined ? agentIn(sight.seen) : E.right(node)
    if (E.isLeft(agent)) return refused(agent.left)
    const asker = { node: agent.right, starting: [], lastUses: {}, nowMs: sight.ports.clock.now() }
    const going = goingOf(verdicts(sight.seen, asker, sight.rule))
    return dryRun ? ok(told(going, 'would be removed')) : removed(sight, asker.node, going)
  })

/** The agent that had images pulled; Left where there are several. None is as good as one that has none left. */
const agentIn = ({ images }: SeenImages): E.Either<string, string> =>
  onlyAgent(images.filter(({ isPulled }) => isPulled), 'pulled images')

const lineOf = ({ image: { name, digest, bytes }, because }: Verdict): string =>
  `${name} (${shortDigest(digest)}, ${sizeText(bytes)}): ${reasonText(because)}\n`

const told = (some: ReadonlyArray<Verdict>, what: string): string =>
  some.length === 0
    ? 'no image is to be removed\n'
    : `${some.map(lineOf).join('')}${some.length === 1 ? '1 image' : `${String(some.length)} images`} ${what}\n`

const removed = async (
  { ports, config }: Sight, node: string, going: ReadonlyArray<Verdict>
): Promise<Output> => {
  const failed: Array<string> = []
  for (const one of going) {
    const detail = await removeImage(ports, config, node, one)
    if (detail !== undefined) failed.push(`${one.image.name}: ${detail}\n`)
  }
  const after = await lookAtImages(ports, config, false)
  if (E.isLeft(after)) return { stdout: '', stderr: `${explain.failure(after.left)}\n`, exitCode: 1 }
  const left = new Set(after.right.images.map(({ name }) => name))
  const gone = going.filter(({ image: { name } }) => !left.has(name))
  // What was used in the meantime is no failure.
  return { stdout: told(gone, 'removed'), stderr: failed.join(''), exitCode: failed.length === 0 ? 0 : 1 }
}
