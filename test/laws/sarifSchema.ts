const text = { type: 'string', minLength: 1 }
const message = { type: 'object', required: ['text'], additionalProperties: false, properties: { text: { type: 'string' } } }
const level = { enum: ['none', 'note', 'warning', 'error'] }
const position = { type: 'integer', minimum: 1 }

const rule = {
  type: 'object', required: ['id', 'shortDescription', 'help', 'defaultConfiguration'], additionalProperties: false,
  properties: {
    id: { type: 'string' }, shortDescription: message, fullDescription: message, help: message,
    defaultConfiguration: { type: 'object', required: ['level'], additionalProperties: false, properties: { level } }
  }
}

const physicalLocation = {
  type: 'object', required: ['artifactLocation'], additionalProperties: false,
  properties: {
    artifactLocation: { type: 'object', required: ['uri'], additionalProperties: false, properties: { uri: { type: 'string', minLength: 1, format: 'uri-reference' } } },
    region: { type: 'object', required: ['startLine'], additionalProperties: false, properties: { startLine: position, startColumn: position } }
  }
}

const logicalLocation = {
  type: 'object', required: ['fullyQualifiedName', 'kind'], additionalProperties: false,
  properties: { fullyQualifiedName: { type: 'string' }, kind: { enum: ['module', 'property'] } }
}

const result = {
  type: 'object', required: ['ruleId', 'ruleIndex', 'level', 'message', 'locations', 'partialFingerprints'], additionalProperties: false,
  properties: {
    ruleId: { type: 'string' }, ruleIndex: { type: 'integer', minimum: 0 }, level, message,
    locations: {
      type: 'array', minItems: 1, maxItems: 1,
      items: {
        type: 'object', required: ['physicalLocation'], additionalProperties: false,
        properties: { physicalLocation, logicalLocations: { type: 'array', minItems: 1, uniqueItems: true, items: logicalLocation } }
      }
    },
    properties: {
      type: 'object', required: ['subject', 'tags'], additionalProperties: false,
      properties: { subject: { enum: ['isolation', 'resources', 'program'] }, tags: { type: 'array', items: { type: 'string' } } }
    },
    partialFingerprints: { type: 'object', minProperties: 1, additionalProperties: text }
  }
}

/**
 * The part of the schema of SARIF 2.1.0 that this program writes, with nothing else allowed. GitHub wants a file for each result, which the
 * schema itself does not.
 */
export const SARIF_SCHEMA = {
  type: 'object', required: ['version', 'runs'], additionalProperties: false,
  properties: {
    $schema: { type: 'string', format: 'uri' }, version: { const: '2.1.0' },
    runs: {
      type: 'array', minItems: 1, maxItems: 1,
      items: {
        type: 'object', required: ['tool', 'results'], additionalProperties: false,
        properties: {
          tool: {
            type: 'object', required: ['driver'], additionalProperties: false,
            properties: {
              driver: {
                type: 'object', required: ['name', 'version', 'rules'], additionalProperties: false,
                properties: { name: text, version: text, rules: { type: 'array', uniqueItems: true, items: rule } }
              }
            }
          },
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          results: { type: 'array', items: result }
        }
      }
    }
  }
}
