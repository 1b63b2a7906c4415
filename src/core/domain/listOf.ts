import * as t from 'io-ts'

/**
 * A list whose first wrong item is told, and no other: a list that an image or a registry wrote may have hundreds of
 * thousands, and
 * a mistake is much larger than what it is about. For kinds that decode to the very value that they read.
 */
export const listOf = <A,>(kind: t.Type<A, unknown>): t.Type<ReadonlyArray<A>, unknown> =>
  new t.Type<ReadonlyArray<A>, unknown>(
    `list of ${kind.name}`,
    (value): value is ReadonlyArray<A> => Array.isArray(value) && value.every(kind.is),
    (value, context) => {
      if (!Array.isArray(value)) return t.failure(value, context)
      const wrong = value.findIndex((item) => !kind.is(item))
      return wrong < 0
        ? t.success(value as ReadonlyArray<A>)
        : kindsOwn(kind, value[wrong], t.appendContext(context, String(wrong), kind, value[wrong]))
    },
    t.identity
  )

const kindsOwn = <A>(kind: t.Type<A, unknown>, item: unknown, context: t.Context): t.Validation<ReadonlyArray<A>> => {
  const outcome = kind.validate(item, context)
  return outcome._tag === 'Left' ? outcome : t.failure(item, context)
}
