import { ImageConfig } from '../core/decode/ImageConfig'
import { Notice } from '../core/domain/Notice'
import { Facts } from '../core/resolve/Facts'
import { Documents } from '../core/resolve/Request'

/** What a command works on: three documents, the facts that were given, and what stands for the ones that were not. */
export interface Case {
  readonly documents: Documents
  readonly facts: Facts
  readonly image: ImageConfig
  readonly notices: ReadonlyArray<Notice>
}

/** The options that say where the parts of a case come from. */
export interface CaseOptions {
  readonly task?: string
  readonly plugin?: string
  readonly imageConfig?: string
  readonly facts?: string
}
