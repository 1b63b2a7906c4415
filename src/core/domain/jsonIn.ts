import * as E from 'fp-ts/Either'

/** What a text in JSON says; undefined where it is none. */
export const jsonIn = (text: string): unknown =>
  E.toUnion(E.tryCatch((): unknown => JSON.parse(text), () => undefined))
