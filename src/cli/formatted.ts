import * as E from 'fp-ts/Either'

import { formats } from '../core/format/formats'
import { Outcome } from '../core/format/Outcome'
import { EndOptions, exitCodeOf } from './ended'
import { Output, refused } from './Output'
import { writeDocument } from './writeDocument'

/** How a command that compares or checks tells what it found. */
export interface FormatOptions extends EndOptions {
  readonly format?: string
  /** A file instead of standard output. */
  readonly output?: string
  readonly color?: boolean
}

/** What a command says: the outcome in its format, what could not be read on stderr, and the exit code. */
export const formatted = (outcome: Outcome, unreadable: string, options: FormatOptions, notices = ''): Output => {
  const name = options.format ?? 'text'
  const text = formats[name]?.(outcome, options.output === undefined && colours(options.color)) ?? ''
  const exitCode = exitCodeOf(outcome, unreadable !== '', options)
  if (options.output === undefined) return { stdout: text, stderr: notices + unreadable, exitCode }
  const written = writeDocument(options.output, text)
  return E.isLeft(written) ? refused(`${notices}${unreadable}${written.left}\n`) : { stdout: '', stderr: notices + unreadable, exitCode }
}

/** Colour on a terminal only, and as https://no-color.org says. */
const colours = (asked: boolean | undefined): boolean => asked ?? (process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '')
