import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

/** What an image runs on, in the words of OCI. Without a variant it is the architecture's usual one. */
export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant: string
}

/** Other words for an architecture, as uname has them. */
const SYNONYMS: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64', i386: '386' }

/** Reads `os/architecture[/variant]`; `""` is Linux on `own`, the machine's architecture in the words of OCI. */
export const Platform = (text: string, own: string): Platform => {
  const [os = '', architecture = '', variant = ''] = (text === '' ? `linux/${own}` : text).split('/')
  return { os, architecture: SYNONYMS[architecture] ?? architecture, variant }
}

/** As people write it. */
export const show = ({ os, architecture, variant }: Platform): string =>
  [os, architecture, variant].filter((part) => part !== '').join('/')

/** The variant that is meant when none is named (containerd's platforms.Normalize). */
const USUAL: Readonly<Record<string, number>> = { amd64: 1, arm64: 8, arm: 7 }

const levelOf = ({ architecture, variant }: Platform): number =>
  variant === '' ? (USUAL[architecture] ?? 0) : Number(/^v(\d+)/.exec(variant)?.[1])

/** Whether what is made for `offered` runs on `wanted`: a later variant runs what an earlier one does. */
export const runs = (wanted: Platform, offered: Platform): boolean =>
  offered.os === wanted.os && offered.architecture === wanted.architecture &&
  (offered.variant === wanted.variant || levelOf(offered) <= levelOf(wanted))

/** What one architecture's processors run of another's without an emulator. */
const ALSO: Readonly<Record<string, string>> = { amd64: '386', arm64: 'arm' }

/** Whether a host of one architecture runs programs of another by itself. */
export const isNative = (architecture: string, host: string): boolean => {
  const [made, own] = [architecture, host].map((name) => SYNONYMS[name] ?? name)
  return made === own || (own !== undefined && ALSO[own] === made)
}

/** The better of two that run comes first: the later variant. */
export const byVariant = (a: Platform, b: Platform): number => levelOf(b) - levelOf(a)

const described = t.intersection([t.type({ os: t.string, architecture: t.string }), t.partial({ variant: t.string })])

/** The platform that a JSON document names (an image config, an entry of an index); undefined when it names none. */
export const platformIn = (document: unknown): Platform | undefined => {
  const outcome = described.decode(document)
  if (E.isLeft(outcome)) return undefined
  const { os, architecture, variant = '' } = outcome.right
  return { os, architecture, variant }
}

/**
 * Why an image with this config is not the one that was asked for, if it is not. Nobody asked when `wanted` is `""`.
 */
export const mismatch = (wanted: string, config: unknown): string | undefined => {
  const found = platformIn(config)
  return wanted === '' || found === undefined || runs(Platform(wanted, ''), found)
    ? undefined
    : `it is for ${show(found)}, and \`platform\` asks for ${wanted}`
}
