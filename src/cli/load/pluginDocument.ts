import * as E from 'fp-ts/Either'

import { fromHcl } from '../../core/decode/fromHcl'
import * as PluginConfig from '../../core/decode/PluginConfig'
import { DRIVER } from '../../core/job/ours'

/** The operator's options in a document: bare, in a `plugin "containerd-driver"` block, or in a whole agent file. */
export const optionsOf = (file: string, document: unknown): E.Either<string, unknown> => {
  const options = optionsIn(document)
  return options === undefined
    ? E.left(`${file}: has no plugin ${JSON.stringify(DRIVER)} block with a config block\n`)
    : E.right(fromHcl(PluginConfig.fields, options))
}

/** The config of our block; the document itself when it has no plugin block; undefined when it has others only. */
const optionsIn = (document: unknown): unknown => {
  const plugins = field(document, 'plugin')
  if (plugins === undefined) return document
  const ours = flat(plugins)
    .map((entry) => field(entry, DRIVER))
    .find((entry) => entry !== undefined)
  return ours === undefined
    ? undefined
    : (flat(ours)
        .map((entry) => field(entry, 'config'))
        .map(first)
        .find(isGiven) ?? {})
}

// HCL 1 decodes a block as a list of maps; JSON may have the map itself.
const flat = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [value])

const first = (value: unknown): unknown => (Array.isArray(value) ? (value as ReadonlyArray<unknown>)[0] : value)

const isGiven = (value: unknown): boolean => value !== undefined

const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined
