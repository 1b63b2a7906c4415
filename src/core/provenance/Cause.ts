import { DocumentPath } from '../domain/DocumentPath'
import { Json } from '../domain/Json'

/**
 * Why a part of the outcome is as it is: an option that was given, or the default of one that was not. The config of
 * the image is the document `image`, what no document decides is `driver`.
 */
export interface Cause {
  readonly at: DocumentPath
  readonly isDefault: boolean
}

/** A part of the outcome and what caused it. */
export interface Explained {
  readonly pointer: string
  readonly key: string
  readonly value: Json
  readonly causes: ReadonlyArray<Cause>
}
