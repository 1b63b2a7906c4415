import { printable } from '../domain/printable'

// Halves of surrogate pairs, and what turns the direction of writing: a line must read as it is.
const HIDDEN = /[\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

// GitHub obeys `##[command]` anywhere in a line of a log and `::command::` at its start, Azure `##vso[…]`, TeamCity
// `##teamcity[…]`.
const COMMAND = /##(?=[a-z]*\[)/gi
const COMMAND_AT_START = /^(\s*):(?=:)/

// Nearly every line: no letter beyond ASCII, no `#`, no colons at its start.
const PLAIN = /^(?!\s*::)[ -"$-~]*$/

const written = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * A text on one line that reads as it is, and that neither a terminal nor the log of a CI service obeys. What it
 * replaces becomes an escape of JSON: a line of a JSON text keeps its meaning.
 */
export const inert = (text: string): string =>
  PLAIN.test(text)
    ? text
    : printable(text).replace(HIDDEN, written).replace(COMMAND, '#\\u0023').replace(COMMAND_AT_START, '$1\\u003a')

/** A text of several lines, each made inert. */
export const inertLines = (text: string): string => text.split('\n').map(inert).join('\n')
