import * as E from 'fp-ts/Either'

import { Json } from '../domain/Json'

const LONG = /\d{16}/
const TOKEN = /"(?:[^"\\]|\\.)*"(?:\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
const WHOLE = /^-?\d{16,}$/

/**
 * A JSON text in which a whole number keeps all its digits: 2^64-1, which is no limit, is no double. Left is what the
 * parser says, without the piece of the text that it quotes: a secret may stand there.
 */
export const parseJson = (text: string): E.Either<string, Json> =>
  E.tryCatch(
    () => {
      const plain = JSON.parse(text) as Json
      return LONG.test(text) ? (JSON.parse(text.replace(TOKEN, marked), revive) as Json) : plain
    },
    (thrown) => (thrown instanceof Error ? thrown.message : String(thrown)).replace(QUOTED, '')
  )

const QUOTED = /,? (?:\.\.\.)?"[^]*"(?:\.\.\.)?(?= is not valid JSON)/

const NUL = '\u0000'
const ESCAPED_NUL = String.raw`\u0000`

/**
 * A long number becomes a text that begins with one NUL; a text that does so already gets a second. Names stay: nothing
 * revives them.
 */
const marked = (token: string): string => {
  if (WHOLE.test(token)) return `"${ESCAPED_NUL}${token}"`
  return token.startsWith(`"${ESCAPED_NUL}`) && !token.endsWith(':') ? `"${ESCAPED_NUL}${token.slice(1)}` : token
}

const revive = (_name: string, value: unknown): unknown => {
  if (typeof value !== 'string' || !value.startsWith(NUL)) return value
  const rest = value.slice(1)
  return rest.startsWith(NUL) ? rest : whole(rest)
}

const whole = (digits: string): number | bigint => (String(Number(digits)) === digits ? Number(digits) : BigInt(digits))
