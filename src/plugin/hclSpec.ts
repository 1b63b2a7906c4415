import { HclSpec } from '../core/decode/HclSpec'
import { Spec } from '../generated/nomad/hclspec'

/** An hclspec as the message that Nomad reads. */
export const toSpec = (spec: HclSpec): Spec => {
  switch (spec._tag) {
    case 'Attr':
      return { block: { $case: 'Attr', value: { name: spec.name, type: spec.type, required: spec.required } } }
    case 'Block':
      return { block: { $case: 'blockValue', value: { name: spec.name, required: spec.required, nested: toSpec(spec.nested) } } }
    case 'BlockList':
      return { block: { $case: 'blockList', value: { name: spec.name, minItems: 0n, maxItems: 0n, nested: toSpec(spec.nested) } } }
    case 'Object':
      return {
        block: {
          $case: 'object',
          value: { attributes: Object.fromEntries(Object.entries(spec.attributes).map(([name, inner]) => [name, toSpec(inner)])) }
        }
      }
    case 'Default':
      return {
        block: {
          $case: 'default',
          value: { primary: toSpec(spec.primary), default: { block: { $case: 'literal', value: { value: spec.literal } } } }
        }
      }
  }
}
