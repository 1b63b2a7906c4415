import { configSchema, SchemaKind } from '../core/decode/configSchema'
import { Json, toJson } from '../core/domain/Json'

/** The JSON Schema (draft-07) of a task's config or of the operator's. */
export const schema = (kind: SchemaKind = 'task'): Json => toJson(configSchema(kind === 'plugin' ? 'plugin' : 'task'))
