import * as t from 'io-ts'

import type { Fields } from './Field'

/**
 * What kind of value an option holds. `most` is the most bytes of a text or items of a list, `each` the most bytes of
 * each text in it. All that is made from an option (hclspec, documentation, arbitrary) folds over this.
 */
export type Shape =
  | { readonly _tag: 'Text'; readonly most: number }
  | { readonly _tag: 'Path' }
  | { readonly _tag: 'Hidden'; readonly most: number }
  | { readonly _tag: 'Word'; readonly words: ReadonlyArray<string> }
  | { readonly _tag: 'Flag' }
  | { readonly _tag: 'Whole'; readonly min: number; readonly max: number }
  | { readonly _tag: 'Octal' }
  | { readonly _tag: 'Duration' }
  | { readonly _tag: 'Size'; readonly unlimited: boolean }
  | { readonly _tag: 'Texts'; readonly most: number; readonly each: number }
  | { readonly _tag: 'TextMap'; readonly most: number; readonly each: number }
  | { readonly _tag: 'Block'; readonly fields: Fields }
  | { readonly _tag: 'Blocks'; readonly most: number; readonly fields: Fields }
  | { readonly _tag: 'TextsOrBlocks'; readonly most: number; readonly each: number; readonly fields: Fields }

/** An io-ts decoder from its validation. */
export const decoder = <A>(name: string, validate: t.Validate<unknown, A>): t.Decoder<unknown, A> => ({
  name,
  validate,
  decode: (input) => validate(input, [{ key: name, type: t.unknown }])
})
