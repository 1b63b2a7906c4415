import * as E from 'fp-ts/Either'

import { isRecord } from '../domain/isRecord'
import { Json } from '../domain/Json'

const LONG = /\d{16}/
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g
const MARK = '\u0000whole'

/** A JSON text in which a whole number keeps all its digits: 2^64-1, which is no limit, is no double. Left is what the parser says. */
export const parseJson = (text: string): E.Either<string, Json> => {
  const isLong = LONG.test(text)
  const marked = isLong ? text.replace(TOKEN, (token) => (token.startsWith('"') ? token : `{"\\u0000whole":"${token}"}`)) : text
  return E.tryCatch(() => JSON.parse(marked, isLong ? revive : undefined) as Json, (thrown) => (thrown instanceof Error ? thrown.message : String(thrown)))
}

const revive = (_name: string, value: unknown): Json | undefined => {
  if (!isRecord(value) || !Object.hasOwn(value, MARK)) return value as Json
  const digits = String(value[MARK])
  return Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits)
}

