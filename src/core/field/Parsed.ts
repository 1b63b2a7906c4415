import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { Step } from '../domain/DocumentPath'
import { decoder } from './decoder'
import { Form, Kind, Shape } from './Field'
import { mistake, Wrong } from './mistake'

/** Reads a text that stands for something. `name` is its own name, where it is one of a map. */
export type Parse<A> = (text: string, name: string) => E.Either<Wrong, A>

/** A value that was read from a text, and the text: messages show it as it was written. */
export interface Parsed<A> {
  readonly written: string
  readonly value: A
}

/** One of several values that were read from texts. `place` is where it stands in its option: 0, `nofile`. */
export interface Entry<A> extends Parsed<A> {
  readonly place: Step
}

/** A text of a form of its own, read once. */
export const parsed = <A>({ shape, codec }: Kind<string>, form: Form, parse: Parse<A>): Kind<Parsed<A>> => ({
  shape: withForm(shape, form),
  codec: decoder(shape._tag, (value, context) =>
    E.chain((written: string): t.Validation<Parsed<A>> => {
      const outcome = parse(written, '')
      return E.isRight(outcome)
        ? t.success({ written, value: outcome.right })
        : t.failures([mistake(shownOf(outcome.left, written), context, outcome.left)])
    })(codec.validate(value, context)))
})

/** A list of texts of one form. Of one with mistakes the others are known. */
export const parsedList = <A>(kind: Kind<ReadonlyArray<string>>, form: Form, parse: Parse<A>): Kind<Entries<A>> =>
  entriesOf(kind, form, parse, (texts) =>
    texts.map((written, index) => ({ key: String(index), place: index, written })))

/** A map of texts of one form. Of one with mistakes the others are known. */
export const parsedMap = <A>(
  kind: Kind<Readonly<Record<string, string>>>,
  form: Form,
  parse: Parse<A>
): Kind<Entries<A>> =>
  entriesOf(kind, form, parse, (map) =>
    Object.entries(map).map(([key, written]) => ({ key, place: key, written })))

export type Entries<A> = ReadonlyArray<Entry<A>>

/** What was read, without the texts. */
export const valuesOf = <A>(entries: Entries<A>): ReadonlyArray<A> => entries.map(({ value }) => value)

/** Entries of texts that stand in this program. */
export const entriesFrom = <A>(texts: ReadonlyArray<string>, valueOf: (text: string) => A): Entries<A> =>
  texts.map((written, place) => ({ place, written, value: valueOf(written) }))

interface Piece {
  readonly key: string
  readonly place: Step
  readonly written: string
}

const entriesOf = <W, A>(
  { shape, codec }: Kind<W>,
  form: Form,
  parse: Parse<A>,
  piecesOf: (whole: W) => ReadonlyArray<Piece>
): Kind<Entries<A>> => {
  const read = (whole: W): ReadonlyArray<Read<A>> =>
    piecesOf(whole).map((piece) => ({ piece, outcome: parse(piece.written, piece.key) }))
  return {
    shape: withForm(shape, form),
    codec: decoder(shape._tag, (value, context) =>
      E.chain((whole: W): t.Validation<Entries<A>> => {
        const all = read(whole)
        const wrong = all.flatMap((one) => mistakeIn(one, context))
        return wrong.length > 0 ? t.failures(wrong) : t.success(all.flatMap(entryIn))
      })(codec.validate(value, context))),
    partOf: (value) => {
      const whole = codec.decode(value)
      return E.isRight(whole) ? read(whole.right).flatMap(entryIn) : undefined
    }
  }
}

interface Read<A> {
  readonly piece: Piece
  readonly outcome: E.Either<Wrong, A>
}

const entryIn = <A>({ piece: { place, written }, outcome }: Read<A>): Entries<A> =>
  E.isRight(outcome) ? [{ place, written, value: outcome.right }] : []

const mistakeIn = <A>({ piece: { key, written }, outcome }: Read<A>, context: t.Context): t.Errors =>
  E.isLeft(outcome)
    ? [mistake(shownOf(outcome.left, written), [...context, { key, type: t.unknown }], outcome.left)]
    : []

const shownOf = ({ tag, shown }: Wrong, written: string): string | undefined =>
  tag === 'UnknownOption' ? undefined : (shown ?? written)

const withForm = (shape: Shape, form: Form): Shape =>
  shape._tag === 'Text' || shape._tag === 'Texts' || shape._tag === 'TextMap' ? { ...shape, form } : shape
