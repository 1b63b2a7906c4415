import * as t from 'io-ts'

/** What an act or an undo says, field by field. */
export type Fields = Readonly<Record<string, t.Mixed>>

/** The same as values. */
export type ValuesOf<F extends Fields> = { readonly [Name in keyof F]: t.TypeOf<F[Name]> }

/** A field that is a text: the one thing that an act or undo is about may be named by it. */
export type TextOf<F extends Fields> = {
  readonly [Name in keyof F]: t.TypeOf<F[Name]> extends string ? Name : never
}[keyof F]
  & string

/** A table of tagged values, a row for each tag. */
export type Rows = Readonly<Record<string, { readonly fields: Fields }>>

/** The values that a table describes: each the tag of its row, and what the row's fields say. */
export type Tagged<R extends Rows> = { readonly [Tag in keyof R]: TaggedAs<Tag, R[Tag]['fields']> }[keyof R]

type TaggedAs<Tag, F extends Fields> = {
  readonly [Name in '_tag' | keyof F]: Name extends '_tag' ? Tag : Name extends keyof F ? t.TypeOf<F[Name]> : never
}

/** Reads and writes the values that a table describes. */
export const codecOf = <R extends Rows>(rows: R): t.Type<Tagged<R>, unknown> => {
  const codecs: ReadonlyArray<t.Mixed> = Object.entries(rows).map(
    ([tag, { fields }]) => t.readonly(t.type({ _tag: t.literal(tag), ...fields }))
  )
  return t.union(codecs as [t.Mixed, t.Mixed])
}
