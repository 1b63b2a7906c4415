import * as t from 'io-ts'

/** An io-ts decoder from its validation. */
export const decoder = <A>(name: string, validate: t.Validate<unknown, A>): t.Decoder<unknown, A> => ({
  name,
  validate,
  decode: (input) => validate(input, [{ key: name, type: t.unknown }])
})
