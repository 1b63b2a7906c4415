import { isJsonRecord, Json } from '../../core/domain/Json'
import { DOCUMENT_VERSION } from '../../core/fullDocument'

type Named = Readonly<Record<string, Json>>

/**
 * The finished documents in a JSON value, by name: a bare spec and one document of `compile --full` have the name `""`;
 * several that were printed together have theirs. undefined when it is none of these.
 */
export const documentsIn = (value: Json): Named | undefined => {
  if (!isJsonRecord(value)) return undefined
  if (isSpec(value) || isDocument(value)) return { '': value }
  const all = Object.values(value)
  return all.length > 0 && all.every((one) => isDocument(one) || isSpec(one)) ? value : undefined
}

const isSpec = (value: Json): boolean => isJsonRecord(value) && typeof value['ociVersion'] === 'string'

/** Whether a value is one document of `compile --full`, as a golden is. */
export const isDocument = (value: Json): boolean =>
  isOfVersion(value, DOCUMENT_VERSION)

/** Whether a value is a document of an earlier version, which has not all that is compared today. */
export const isEarlierDocument = (value: Json): boolean => isOfVersion(value, 1)

const isOfVersion = (value: Json, version: number): boolean =>
  isJsonRecord(value) && value['version'] === version && (isJsonRecord(value['spec']) || Array.isArray(value['issues']))
