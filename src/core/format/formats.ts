import { github } from './github'
import { html } from './html'
import { json } from './json'
import { jsonPatch } from './jsonPatch'
import { junit } from './junit'
import { markdown } from './markdown'
import { FormatName } from './names'
import { Outcome } from './Outcome'
import { sarif } from './sarif'
import { text } from './text'

/** Writes an outcome; empty where there is nothing to say of it. `colour` is for a terminal only. */
export type Format = (outcome: Outcome, colour: boolean) => string

/** Every format by its name; undefined for another name. */
export const formats: Readonly<Record<FormatName, Format>> & Readonly<Record<string, Format>> =
  { text, json, 'json-patch': jsonPatch, sarif, junit, github, markdown, html }
