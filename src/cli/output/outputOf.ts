import * as E from 'fp-ts/Either'

import { Fault } from '../../core/domain/Fault'
import { printable } from '../../core/domain/printable'
import { formats } from '../../core/format/formats'
import { Finding, Outcome } from '../../core/format/Outcome'
import { Unreadable } from '../load/Unreadable'
import { EndOptions, exitCodeOf } from './exitCode'
import { Output, refused } from './Output'
import { writeDocument } from './writeDocument'

/** How a command that compares or checks tells what it found. */
export interface FormatOptions extends EndOptions {
  readonly format?: string
  /** A file instead of standard output. */
  readonly output?: string
  readonly color?: boolean
}

/**
 * What a command says: the outcome in its format, what could not be read on stderr and among the findings, and the exit
 * code.
 */
export const outputOf = (
  outcome: Outcome,
  unread: ReadonlyArray<Unreadable>,
  options: FormatOptions,
  notices = ''
): Output => {
  const name = options.format ?? 'text'
  // On a terminal stderr tells these, with their lines.
  const faults = name === 'text' ? [] : unread.flatMap((one) => one.faults.map(ofFault))
  const text =
    formats[name]?.(
      { ...outcome, findings: [...faults, ...outcome.findings] },
      options.output === undefined && colours(options.color)
    ) ?? ''
  const exitCode = exitCodeOf(outcome, unread.length > 0, options)
  const stderr = notices + unread.map((one) => one.text).join('')
  if (options.output === undefined) return { stdout: text, stderr, exitCode }
  const written = writeDocument(options.output, text)
  return E.isLeft(written) ? refused(`${stderr}${written.left}\n`) : { stdout: '', stderr, exitCode }
}

/** A mistake that keeps a file from being read has a place too. */
const ofFault = ({ file, message, line, column }: Fault): Finding => ({
  rule: 'unreadable',
  level: 'error',
  message: printable(message),
  ...(file === undefined
    ? {}
    : { place: { file, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) } })
})

/** Colour on a terminal only, and as https://no-color.org says. */
const colours = (asked: boolean | undefined): boolean =>
  asked ?? (process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '')
