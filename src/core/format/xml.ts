import { inert } from './inert'

// What is left of the characters that XML 1.0 forbids once control characters are gone.
const FORBIDDEN = /[\ufffe\uffff]/g
const MARKUP = /[&<>"'#]/g

/**
 * Text for XML and HTML, between tags or in quotes: markup is escaped, what a document may not hold is replaced. Stays
 * on one line.
 */
export const xmlText = (text: string): string => escapedMarkup(inert(text))

/** The same of a text that may have several lines. */
export const xmlLines = (text: string): string => text.split('\n').map(xmlText).join('\n')

const escapedMarkup = (text: string): string =>
  text.replace(FORBIDDEN, '\ufffd').replace(MARKUP, (letter) => `&#${letter.charCodeAt(0)};`)

/** What follows the name of a tag: each attribute with its value escaped; one without a value is left out. */
export const attributes = (all: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(all)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${xmlText(String(value))}"`))
    .join('')

/** An element of XML and HTML; `content` must be markup already. */
export const element = (
  name: string,
  given: Readonly<Record<string, string | number | undefined>>,
  content: string
): string => `<${name}${attributes(given)}>${content}</${name}>`
