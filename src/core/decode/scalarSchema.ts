import { PATH_BYTES } from '../domain/ceilings'
import type { Shape } from '../field/Field'
import * as scalar from '../field/scalar'
import type { JsonSchema } from './JsonSchema'

/** The schema of a text. A letter has one byte or more, so what has too many letters has too many bytes. */
export const textOf = (most: number): JsonSchema => ({ type: 'string', pattern: '^[^\\u0000]*$', maxLength: most })

const above = ({ source }: RegExp): string => `^(?=.*[1-9])${source.slice(1)}`

type Scalar = Exclude<Shape, { readonly _tag: 'Texts' | 'TextMap' | 'Block' | 'Blocks' | 'TextsOrBlocks' }>

/** The schema of a value that is no list, map or block. */
export const scalarOf = (shape: Scalar): JsonSchema => {
  switch (shape._tag) {
    case 'Text':
      return textOf(shape.most)
    case 'Hidden':
      return { ...textOf(shape.most), writeOnly: true }
    case 'Path':
      return { type: 'string', pattern: '^/[^\\u0000]*$', maxLength: PATH_BYTES }
    case 'Word':
      return { type: 'string', enum: shape.words }
    case 'Flag':
      return { type: 'boolean' }
    case 'Whole':
      return { type: 'integer', minimum: shape.min, maximum: shape.max }
    case 'Octal':
      return { type: 'string', pattern: scalar.OCTAL.source }
    case 'Duration':
      return { type: 'string', pattern: above(scalar.DURATION) }
    case 'Size':
      return { type: 'string', pattern: `${shape.unlimited ? '^-1$|' : ''}${above(scalar.SIZE)}` }
  }
}
