import { configSchema, SchemaKind } from '../../core/decode/configSchema'
import { pretty } from '../../core/domain/canonical'
import { ok, Output } from '../output/Output'

/** `schema`: the JSON Schema of a task's config, or of the operator's, for editors and checks of files. */
export const schemaCommand = (kind: SchemaKind): Output => ok(pretty(configSchema(kind)))
