import { github } from './github'
import { html } from './html'
import { json } from './json'
import { jsonPatch } from './jsonPatch'
import { junit } from './junit'
import { markdown } from './markdown'
import { Outcome } from './Outcome'
import { sarif } from './sarif'
import { Look, text } from './text'

/** The names of `--format`. */
export type FormatName = 'text' | 'json' | 'json-patch' | 'sarif' | 'junit' | 'github' | 'markdown' | 'html'

/** Writes an outcome. Empty where the format has nothing to say of it. */
export type Format = (outcome: Outcome, look: Look) => string

/** Every format by its name. */
export const formats: Readonly<Record<FormatName, Format>> =
  { text, json, 'json-patch': jsonPatch, sarif, junit, github, markdown, html }

/** The names, in the order of the documentation. */
export const formatNames: ReadonlyArray<FormatName> =
  ['text', 'json', 'json-patch', 'sarif', 'junit', 'github', 'markdown', 'html']
