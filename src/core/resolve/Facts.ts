import { ImageConfig } from '../decode/ImageConfig'

/** What the host is: machine, kernel, cgroups, and what it can grant. */
export interface HostFacts {
  readonly architecture: string
  readonly kernel: string
  readonly cgroups: 'v1' | 'v2'
  readonly swapAccounting: boolean
  readonly cpuMhz: number
  readonly cpuCores: number
  readonly resolvConf: string
  readonly capabilities: ReadonlyArray<string>
  readonly openFilesLimit: number
}

/** What an image is: its digest (of the manifest or index that the name stands for), its top layer's chain id, its config, its accounts. */
export interface ImageFacts {
  readonly digest: string
  readonly chainId: string
  readonly config: ImageConfig
  readonly passwd: string
  readonly group: string
}

/** Where a host path leads, with every link followed. */
export type PathFacts =
  | { readonly kind: 'directory' | 'file'; readonly realPath: string }
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

/** The answers so far. What is not there has not been answered. */
export interface Facts {
  readonly host?: HostFacts
  readonly images: Readonly<Record<string, ImageFacts>>
  readonly paths: Readonly<Record<string, PathFacts>>
  readonly devices: Readonly<Record<string, DeviceFacts>>
}

/** The answer about one name. A name such as `constructor` is not one that every object has. */
export const about = <A>(answers: Readonly<Record<string, A>>, name: string): A | undefined =>
  Object.hasOwn(answers, name) ? answers[name] : undefined

export const none: Facts = { images: {}, paths: {}, devices: {} }

/** Both sets of answers; `more` wins where both speak. */
export const merge = (facts: Facts, more: Facts): Facts => {
  const host = more.host ?? facts.host
  return {
    ...(host === undefined ? {} : { host }),
    images: { ...facts.images, ...more.images },
    paths: { ...facts.paths, ...more.paths },
    devices: { ...facts.devices, ...more.devices }
  }
}
