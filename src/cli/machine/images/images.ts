import { pretty } from '../../../core/domain/canonical'
import { goes, reasonText } from '../../../core/gc/reasonText'
import { SeenImages } from '../../../core/gc/SeenImages'
import { Verdict, verdicts } from '../../../core/gc/verdicts'
import { ok, Output } from '../../output/Output'
import { sizeText } from '../sizeText'
import { shortDigest, table } from './table'
import { withSight } from './withSight'

/** The options of `images`. */
export interface ImagesOptions {
  readonly plugin?: string
  readonly format: 'text' | 'json'
}

/** `images`: the images of a namespace, each with its users and with what its own agent's gc would do. */
export const imagesCommand = ({ plugin, format }: ImagesOptions): Promise<Output> =>
  withSight(plugin, ({ ports, config, seen, rule }) => {
    const nowMs = ports.clock.now()
    const all = ofEachAgent(seen, (node) => verdicts(seen, { node, starting: [], lastUses: {}, nowMs }, rule))
    return Promise.resolve(ok(format === 'json' ? pretty(all.map(document)) : text(all, config.gc.image)))
  })

/** Each image by what the agent that had it pulled would say. */
const ofEachAgent = (
  { images }: SeenImages, judge: (node: string) => ReadonlyArray<Verdict>
): ReadonlyArray<Verdict> => {
  const judged = new Map([...new Set(images.map(({ node }) => node))].map((node) => [node, judge(node)]))
  const [first = []] = judged.values()
  return first.map((one, index) => judged.get(one.image.node)?.[index] ?? one)
}

const actionOf = ({ because }: Verdict): string => `${goes(because) ? 'removes' : 'keeps'}: ${reasonText(because)}`

const userText = ({ owner, container }: Verdict['users'][number]): string =>
  owner === '' ? `container ${container}` : owner

const lastUse = ({ image: { isPulled }, users, usedAtMs }: Verdict): string | undefined => {
  if (users.length > 0) return 'now'
  return isPulled ? new Date(usedAtMs).toISOString() : undefined
}

const text = (all: ReadonlyArray<Verdict>, isOn: boolean): string => {
  const rows = all.map((one) => [
    one.image.name, shortDigest(one.image.digest), sizeText(one.image.bytes), one.image.isPulled ? 'yes' : 'no',
    one.users.map(userText).join(', ') || '-', lastUse(one)?.replace(/\.\d+Z$/, 'Z') ?? '-', actionOf(one)
  ])
  const head = ['IMAGE', 'DIGEST', 'SIZE', 'PULLED BY US', 'USED BY', 'LAST USED', isOn ? 'GC' : 'GC, WERE IT ON']
  return table([head, ...rows])
}

const document = (one: Verdict): object => ({
  image: one.image.name,
  digest: one.image.digest,
  bytes: one.image.bytes,
  pulled: one.image.isPulled,
  ...(one.image.node === '' ? {} : { node: one.image.node }),
  users: one.users.map(({ container, owner }) => ({ container, ...(owner === '' ? {} : { task: owner }) })),
  ...(lastUse(one) === undefined ? {} : { lastUsed: lastUse(one) }),
  gc: { action: goes(one.because) ? 'remove' : 'keep', reason: one.because, detail: reasonText(one.because) }
})
