import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { printable } from '../../core/domain/printable'
import { Answer } from './request'

const MAX_BYTES = 8 * 1024
const MAX_LETTERS = 300
const PATIENCE_MS = 3000

const errors = t.type({ errors: t.array(t.partial({ code: t.unknown, message: t.unknown })) })

/**
 * What a registry says of its refusal, in its own words: one line, cut, or nothing. Throws never, and waits three
 * seconds at most.
 */
export const said = async (answer: Answer): Promise<string> => {
  const text = await startOf(answer)
  const isText = /^(?:text\/plain|application\/(?:[\w.+-]+\+)?json)/i.test(answer.headers['content-type'] ?? '')
  const words = isText || text.startsWith('{') ? (inJson(text) ?? text) : ''
  const line = printable(words.replace(/\s+/g, ' ').trim())
  return line.length > MAX_LETTERS ? `${line.slice(0, MAX_LETTERS)}…` : line
}

const startOf = async ({ body }: Answer): Promise<string> => {
  const chunks: Array<Buffer> = []
  let length = 0
  const timer = setTimeout(() => { body.destroy() }, PATIENCE_MS)
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      length += chunk.length
      if (length >= MAX_BYTES) break
    }
  } catch {
    // What came before it broke off is better than nothing.
  } finally {
    clearTimeout(timer)
  }
  return Buffer.concat(chunks).subarray(0, MAX_BYTES).toString('utf8')
}

/** The messages of an answer in the words of the distribution spec; undefined when it is none. */
const inJson = (text: string): string | undefined => {
  const decoded = E.chainW((value: unknown) => errors.decode(value))(
    E.tryCatch(
      () => JSON.parse(text) as unknown,
      () => 'is no JSON'
    )
  )
  if (E.isLeft(decoded)) return undefined
  return decoded.right.errors
    .map(({ code, message }) => (message === '' ? code : (message ?? code)))
    .filter((said) => typeof said === 'string')
    .join('; ')
}
