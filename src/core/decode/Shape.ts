import * as t from 'io-ts'

import type { Fields } from './Field'

/** What kind of value an option holds. All that is made from an option (hclspec, documentation, arbitrary) folds over this. */
export type Shape =
  | { readonly _tag: 'Text' }
  | { readonly _tag: 'Path' }
  | { readonly _tag: 'Hidden' }
  | { readonly _tag: 'Word'; readonly words: ReadonlyArray<string> }
  | { readonly _tag: 'Flag' }
  | { readonly _tag: 'Whole'; readonly min: number; readonly max: number }
  | { readonly _tag: 'Octal' }
  | { readonly _tag: 'Duration' }
  | { readonly _tag: 'Size'; readonly unlimited: boolean }
  | { readonly _tag: 'Texts' }
  | { readonly _tag: 'TextMap' }
  | { readonly _tag: 'Block'; readonly fields: Fields }
  | { readonly _tag: 'Blocks'; readonly fields: Fields }
  | { readonly _tag: 'TextsOrBlocks'; readonly fields: Fields }

/** An io-ts decoder from its validation. */
export const decoder = <A>(name: string, validate: t.Validate<unknown, A>): t.Decoder<unknown, A> => ({
  name,
  validate,
  decode: (input) => validate(input, [{ key: name, type: t.unknown }])
})
