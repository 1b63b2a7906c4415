import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { Attachment } from '../../core/domain/Cni'
import { Failure } from '../../core/domain/Failure'
import { jsonIn } from '../../core/domain/jsonIn'
import { Thrown } from '../ports/Thrown'

const plugin = t.intersection([
  t.UnknownRecord,
  t.type({ type: t.string }),
  t.partial({ capabilities: t.record(t.string, t.boolean) })
])

const codec = t.intersection([
  t.type({ name: t.string, cniVersion: t.string, plugins: t.array(plugin) }),
  t.partial({ disableCheck: t.boolean })
])

/** A list of plugins that make a network, in the order in which they add to it. */
export type Conflist = t.TypeOf<typeof codec>

export type Plugin = Conflist['plugins'][number]

/** The conflist of an attachment. Throws `Thrown` for a text that is none. */
export const conflistOf = (doing: string, { conflist }: Pick<Attachment, 'conflist'>): Conflist => {
  const outcome = codec.decode(jsonIn(conflist))
  if (E.isLeft(outcome)) throw new Thrown(Failure('Invalid', doing, 'its conflist is none'))
  return outcome.right
}

/**
 * What one plugin of a list is told (CNI spec, "Deriving request configuration from plugin configuration"): its own
 * part, of what is asked for at run time what it declares, and what the plugins before it answered.
 */
export const requestOf = (
  { name, cniVersion }: Conflist, plugin: Plugin, asked: Attachment['capabilities'], prevResult?: unknown
): string => {
  const runtimeConfig = Object.fromEntries(Object.entries(asked).filter(([key]) => plugin.capabilities?.[key] === true))
  return JSON.stringify({
    ...plugin,
    name,
    cniVersion,
    ...(Object.keys(runtimeConfig).length === 0 ? {} : { runtimeConfig }),
    ...(prevResult === undefined ? {} : { prevResult })
  })
}

/** What GC is told: the part of a plugin, and whose attachments are still there (CNI spec 1.1, section 4, "GC"). */
export const collectionOf = (
  { name, cniVersion }: Conflist, plugin: Plugin, valid: ReadonlyArray<{ readonly container: string }>, device: string
): string =>
  JSON.stringify({
    ...plugin,
    name,
    cniVersion,
    'cni.dev/valid-attachments': valid.map(({ container }) => ({ containerID: container, ifname: device }))
  })

/** Whether a version of CNI is at least another. */
export const isAtLeast = (version: string, least: string): boolean => {
  const [ours, theirs] = [version, least].map((one) => one.split('.').map(Number))
  const differing = [0, 1, 2].find((index) => ours?.[index] !== theirs?.[index])
  return differing === undefined || (ours?.[differing] ?? 0) > (theirs?.[differing] ?? 0)
}
