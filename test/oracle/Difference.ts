import { HostFacts } from '../../src/core/facts/Facts'
import { ImageConfig } from '../../src/core/image/ImageConfig'
import { Document } from '../../src/testing/ofFields'
import { Given } from './given'
import { Json } from './Oracle'

/** What a case has beside the smallest one. */
export interface Patch {
  readonly task?: Document
  readonly plugin?: Document
  readonly allocation?: Document
  readonly host?: Partial<HostFacts>
  readonly image?: { readonly config?: Partial<ImageConfig>; readonly passwd?: string; readonly group?: string }
}

/**
 * One way in which this compiler differs from containerd's options on purpose. `apply` makes of their spec what ours should
 * say instead: from the documents, never by copying ours. `shownBy` is a case that shows it.
 */
export interface Difference {
  readonly name: string
  readonly reason: string
  readonly shownBy: Patch
  readonly apply: (theirs: Json, given: Given, ours: Json) => Json
}

/** The order of code units, which is the order of every sorted list of ours. */
export const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export const inProcess = (spec: Json, change: (process: Json) => Json): Json => ({ ...spec, process: { ...spec.process, ...change(spec.process) } })

export const inLinux = (spec: Json, change: (linux: Json) => Json): Json => ({ ...spec, linux: { ...spec.linux, ...change(spec.linux) } })
