import * as E from 'fp-ts/Either'

import { Json } from '../core/domain/Json'
import { parseJson } from '../core/share/parseJson'

/** A JSON text, with whole numbers that no double can hold (2^64-1, no limit) as bigint; what is no JSON is told. */
export const parse = (
  text: string
): { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly reason: string } => {
  if (typeof text !== 'string') return { ok: false, reason: 'is no text' }
  const parsed = parseJson(text)
  return E.isLeft(parsed) ? { ok: false, reason: parsed.left } : { ok: true, value: parsed.right }
}
