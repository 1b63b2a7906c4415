import { HclSpec } from '../core/decode/HclSpec'
import { Spec } from '../generated/nomad/hclspec'

/** An hclspec as the message that Nomad reads. */
export const toSpec = (spec: HclSpec): Spec => ({ block: blockOf(spec) })

const blockOf = (spec: HclSpec): NonNullable<Spec['block']> => {
  switch (spec._tag) {
    case 'Attr':
      return { $case: 'Attr', value: { name: spec.name, type: spec.type, required: spec.required } }
    case 'Block':
      return { $case: 'blockValue', value: { name: spec.name, required: spec.required, nested: toSpec(spec.nested) } }
    case 'BlockList':
      return { $case: 'blockList', value: { name: spec.name, minItems: 0n, maxItems: 0n, nested: toSpec(spec.nested) } }
    case 'Object':
      return { $case: 'object', value: { attributes: attributesOf(spec.attributes) } }
    case 'Default': {
      const literal: Spec = { block: { $case: 'literal', value: { value: spec.literal } } }
      return { $case: 'default', value: { primary: toSpec(spec.primary), default: literal } }
    }
  }
}

const attributesOf = (attributes: Readonly<Record<string, HclSpec>>): Record<string, Spec> =>
  Object.fromEntries(Object.entries(attributes).map(([name, inner]) => [name, toSpec(inner)]))
