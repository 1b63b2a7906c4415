import { CdiFile } from '../cdi/CdiFile'
import { UnreadAccounts } from '../domain/Unread'
import { ImageConfig } from '../image/ImageConfig'

/**
 * What the host is: machine, kernel, cgroups, and what it can grant. `hardLimits` are by RLIMIT_ name; one that is not
 * there is none.
 * `resolvConf` is the file of name servers that other network namespaces reach, `hostsText` the host's /etc/hosts, and
 * `addresses` are those under which containers reach the host.
 * `runc` is the version of the runc on PATH, which is usually the one that containerd starts; absent where nobody found
 * one.
 */
export interface HostFacts {
  readonly architecture: string
  readonly kernel: string
  readonly cgroups: 'v1' | 'v2'
  readonly swapAccounting: boolean
  readonly cpuMhz: number
  readonly cpuCores: number
  readonly resolvConf: string
  readonly resolvConfText: string
  readonly hostname: string
  readonly hostsText: string
  readonly addresses: ReadonlyArray<string>
  readonly capabilities: ReadonlyArray<string>
  readonly openFilesLimit: number
  readonly hardLimits: Readonly<Record<string, number>>
  readonly apparmor: boolean
  readonly selinux: boolean
  readonly runc?: string
}

/**
 * What an image makes of a place in the container, its links followed with the image as root. `realPath` is where they
 * lead, or would
 * where nothing is. `above`: a link climbs with `..` above the root, which stops it there. `loop`: there are too many
 * links.
 */
export interface PlaceFacts {
  readonly kind: 'directory' | 'file' | 'other' | 'absent' | 'above' | 'loop'
  readonly realPath: string
  /**
   * Where the links on the way are, in the order in which they are followed; absent where there are none, or nobody
   * said.
   */
  readonly links?: ReadonlyArray<string>
}

/**
 * What an image is: its digest (of the manifest or index that the name stands for), its top layer's chain id, its
 * config, its accounts.
 * `unread` says which of their files it has and nobody could read; `places` is by clean path, one that is not there
 * nobody looked at.
 */
export interface ImageFacts {
  readonly digest: string
  readonly chainId: string
  readonly config: ImageConfig
  readonly passwd: string
  readonly group: string
  readonly unread?: UnreadAccounts
  readonly places?: Readonly<Record<string, PlaceFacts>>
}

/**
 * Where a host path leads, with every link followed; `link` is one (at this path) that is not followed, because a task
 * may have made it.
 */
export type PathFacts =
  | { readonly kind: 'directory' | 'file'; readonly realPath: string }
  | { readonly kind: 'link'; readonly at: string }
  | { readonly kind: 'absent' }

/** A device node of the host (stat(2)). */
export interface DeviceFacts {
  readonly type: 'c' | 'b'
  readonly major: number
  readonly minor: number
  readonly fileMode: number
  readonly uid: number
  readonly gid: number
}

/** A file of the host that the job names, with every link followed. */
export type FileFacts =
  | { readonly kind: 'file'; readonly realPath: string; readonly text: string }
  | { readonly kind: 'absent'; readonly reason: string }

/** What there is on the host for networks that the driver makes: the types of CNI plugins, and the routes. */
export interface NetworkFacts {
  readonly plugins: ReadonlyArray<string>
  readonly routes: ReadonlyArray<{ readonly destination: string; readonly device: string }>
}

/** A conflist of the host: parsed and not decoded yet, or the reason why there is none. */
export type ConflistFacts = { readonly document: unknown } | { readonly absent: string }

/** The answers so far. What is not there has not been answered. */
export interface Facts {
  readonly host?: HostFacts
  readonly images: Readonly<Record<string, ImageFacts>>
  readonly paths: Readonly<Record<string, PathFacts>>
  readonly devices: Readonly<Record<string, DeviceFacts>>
  readonly files: Readonly<Record<string, FileFacts>>
  /** The CDI documents of the host, in the order in which they count; undefined when nobody looked. */
  readonly cdi?: ReadonlyArray<CdiFile>
  /** Undefined when nobody looked. */
  readonly network?: NetworkFacts
  /** The conflists of the host by the names of their networks; one that is not there nobody looked for. */
  readonly conflists?: Readonly<Record<string, ConflistFacts>>
}

/** The answer about one name. A name such as `constructor` is not one that every object has. */
export const about = <A>(answers: Readonly<Record<string, A>>, name: string): A | undefined =>
  Object.hasOwn(answers, name) ? answers[name] : undefined

export const none: Facts = { images: {}, paths: {}, devices: {}, files: {} }

/** Both sets of answers; `more` wins where both speak. */
export const merge = (facts: Facts, more: Facts): Facts => merged([facts, more])

/** Many sets of answers as one; a later one wins. Linear in all that they say. */
export const merged = (all: ReadonlyArray<Facts>): Facts => {
  const host = all.findLast((one) => one.host !== undefined)?.host
  const cdi = all.findLast((one) => one.cdi !== undefined)?.cdi
  const network = all.findLast((one) => one.network !== undefined)?.network
  const conflists = inOne(all.map((one) => one.conflists ?? {}))
  return {
    ...(host === undefined ? {} : { host }),
    ...(cdi === undefined ? {} : { cdi }),
    ...(network === undefined ? {} : { network }),
    ...(Object.keys(conflists).length === 0 ? {} : { conflists }),
    images: inOne(all.map(({ images }) => images)),
    paths: inOne(all.map(({ paths }) => paths)),
    devices: inOne(all.map(({ devices }) => devices)),
    files: inOne(all.map(({ files }) => files))
  }
}

const inOne = <A>(answers: ReadonlyArray<Readonly<Record<string, A>>>): Readonly<Record<string, A>> =>
  Object.fromEntries(answers.flatMap((one) => Object.entries(one)))
