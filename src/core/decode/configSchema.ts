import { JsonSchema } from './JsonSchema'
import * as PluginConfig from './PluginConfig'
import { schemaOf } from './schemaOf'
import { elsewhere } from './task/elsewhere'
import * as TaskConfig from './TaskConfig'

const DRAFT = 'http://json-schema.org/draft-07/schema#'

/** The two documents that have a schema: the JSON of a task's `config {}`, and of the operator's. */
export type SchemaKind = 'task' | 'plugin'

/** The JSON Schema (draft-07, which editors and ajv both read) of one kind of document. */
export const configSchema = (kind: SchemaKind): JsonSchema => {
  switch (kind) {
    case 'task':
      return {
        $schema: DRAFT,
        $id: 'urn:containerd-driver:schema:task',
        title: 'Task config of containerd-driver',
        description: 'The `config {}` block of a task with `driver = "containerd-driver"`, as JSON.',
        ...schemaOf(TaskConfig.fields, elsewhere)
      }
    case 'plugin':
      return {
        $schema: DRAFT,
        $id: 'urn:containerd-driver:schema:plugin',
        title: 'Plugin config of containerd-driver',
        description: 'The `config {}` block of `plugin "containerd-driver"` in the Nomad agent file, as JSON.',
        ...schemaOf(PluginConfig.fields, PluginConfig.elsewhere)
      }
  }
}
