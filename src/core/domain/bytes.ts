import { utf8ToBytes } from '@noble/hashes/utils'

/** Bytes of a text in UTF-8. */
export const utf8Length = (text: string): number => utf8ToBytes(text).length

// A unit of UTF-16 is one to three bytes, so most texts need not be counted.
const MOST_OF_A_UNIT = 3

/** Whether a text has more than so many bytes in UTF-8. What it costs does not depend on how much longer it is. */
export const isLonger = (text: string, most: number): boolean =>
  text.length > most || (text.length * MOST_OF_A_UNIT > most && utf8Length(text) > most)
