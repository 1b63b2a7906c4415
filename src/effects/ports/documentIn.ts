import * as E from 'fp-ts/Either'

// The largest manifests and configs that there are have some ten thousand.
const MAX_VALUES = 250_000

const MAX_DEPTH = 64

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPENING: ReadonlyArray<number> = [0x5b, 0x7b]
const CLOSING: ReadonlyArray<number> = [0x5d, 0x7d]

/**
 * A JSON document that an image or a registry wrote. Left says that it is none, or is made to be slow: a few megabytes
 * of `[` or `{},` cost a second of this process to read, and many to judge. Whoever calls has bounded the bytes.
 */
export const documentIn = (bytes: Buffer): E.Either<string, unknown> => {
  const wrong = tooMuch(bytes)
  return wrong === undefined
    ? E.tryCatch(
        () => JSON.parse(bytes.toString('utf8')) as unknown,
        () => 'is no JSON'
      )
    : E.left(wrong)
}

/** Counts what opens and what separates, beside texts; of what is no JSON some number comes out. */
const tooMuch = (bytes: Buffer): string | undefined => {
  let values = 0
  let depth = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte === QUOTE) at = endOfText(bytes, at)
    else if (byte === COMMA) values += 1
    else if (OPENING.includes(byte)) {
      values += 1
      depth += 1
    } else if (CLOSING.includes(byte)) depth -= 1
    if (depth > MAX_DEPTH) return `is nested deeper than ${String(MAX_DEPTH)} levels`
    if (values > MAX_VALUES) return `has more than ${String(MAX_VALUES)} values`
  }
  return undefined
}

/** Where the text that begins at a quote ends; the end of all where it does not. */
const endOfText = (bytes: Buffer, start: number): number => {
  for (let at = bytes.indexOf(QUOTE, start + 1); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    let slashes = 0
    while (bytes[at - 1 - slashes] === BACKSLASH) slashes += 1
    if (slashes % 2 === 0) return at
  }
  return bytes.length
}
