import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { UnreadAccounts } from '../../core/domain/Unread'
import { chainIds } from '../../core/image/chainIds'
import * as ImageConfig from '../../core/image/ImageConfig'
import * as ImageReference from '../../core/image/ImageReference'
import { MAX_DOCUMENT } from '../../core/image/Manifest'
import { diffIdsOf } from '../../core/image/Manifest'
import { mismatch } from '../../core/image/Platform'
import { issues as spoken } from '../../core/report/explain'
import { documentIn } from '../ports/documentIn'
import { Logins } from '../ports/Machine'
import { mustBe } from '../ports/must'
import { failureOf, Thrown } from '../ports/Thrown'
import { whole } from './blobBytes'
import { imageAccounts } from './imageAccounts'
import { manifestFor } from './manifestFor'
import { Registry } from './Registry'

/**
 * Which image, and how it is asked for. `isNamed`: the platform is the task's own words, and an image for another one
 * is refused.
 */
export interface Ask {
  readonly name: string
  readonly platform: string
  readonly isNamed: boolean
  readonly logins: Logins
  readonly hosts: string
  readonly silenceMs: number
  readonly timeoutMs: number
}

/** What an image is, as its registry says it. The accounts are there when they were asked for. */
export interface Asked {
  readonly digest: string
  readonly chainId: string
  readonly config: ImageConfig.ImageConfig
  readonly passwd?: string
  readonly group?: string
  readonly unread?: UnreadAccounts
}

/** The digest that a name stands for now. */
export const digestAt = (ask: Ask): TE.TaskEither<Failure, string> =>
  asking(ask, async (registry, reference) => (await registry.manifest(tagOf(reference))).descriptor.digest)

/**
 * An image's digest, chain id, config and accounts, from its registry; `digest` asks for that one instead of the
 * name's. Nothing is stored.
 */
export const lockImage = (
  ask: Ask,
  how: { readonly digest?: string; readonly accounts: boolean }
): TE.TaskEither<Failure, Asked> =>
  asking(ask, async (registry, reference) => {
    const doing = doingOf(ask)
    const { top, isIndex, manifest } = await manifestFor(registry, how.digest ?? tagOf(reference), ask.platform, doing)
    const bytes = await whole(await registry.blob(manifest.config), manifest.config, MAX_DOCUMENT)
    const document = mustBe(doing, documentIn(bytes))
    const other = isIndex || !ask.isNamed ? undefined : mismatch(ask.platform, document)
    if (other !== undefined) throw new Thrown(Failure('Invalid', doing, other))
    const config = mustBe(
      doing,
      E.mapLeft((issues: Parameters<typeof spoken>[0]) => spoken(issues).trimEnd())(ImageConfig.decode(document))
    )
    const chain = chainIds(mustBe(doing, E.mapLeft((reason: string) => `its config ${reason}`)(diffIdsOf(document))))
    const chainId = chain.at(-1)
    if (chainId === undefined || chain.length !== manifest.layers.length) {
      throw new Thrown(
        Failure('Invalid', doing, 'its manifest and its config do not agree on the layers, or it has none')
      )
    }
    return {
      digest: top.descriptor.digest,
      chainId,
      config,
      ...(how.accounts ? await imageAccounts(registry, manifest.layers) : {})
    }
  })

const doingOf = ({ name, platform, isNamed }: Ask): string => `lock ${name}${isNamed ? ` for ${platform}` : ''}`

const tagOf = ({ digest, tag }: ImageReference.ImageReference): string => digest ?? tag ?? 'latest'

type Work<A> = (registry: Registry, reference: ImageReference.ImageReference) => Promise<A>

const asking =
  <A,>(ask: Ask, work: Work<A>): TE.TaskEither<Failure, A> =>
  async () => {
    const reference = ImageReference.parse(ask.name)
    if (E.isLeft(reference)) return E.left(Failure('Invalid', doingOf(ask), reference.left))
    const limit = AbortSignal.timeout(ask.timeoutMs)
    try {
      const { logins, hosts, silenceMs, timeoutMs } = ask
      const untilMs = Date.now() + timeoutMs
      const registry = Registry(reference.right, { logins, hosts, silenceMs, signal: limit, untilMs })
      return E.right(await work(registry, reference.right))
    } catch (thrown) {
      if (limit.aborted)
        return E.left(
          Failure('TimedOut', doingOf(ask), `took longer than image_pull_timeout (${String(ask.timeoutMs)} ms)`)
        )
      return E.left({ ...failureOf(thrown, doingOf(ask)), doing: doingOf(ask) })
    }
  }
