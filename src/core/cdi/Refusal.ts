import { nearest } from '../field/nearest'
import { BrokenFile, Library } from './Library'
import { Mistake } from './Mistake'
import { QualifiedName } from './QualifiedName'

/** Why a CDI device that was asked for cannot be had. */
export interface Refusal {
  readonly name: string
  readonly reason: string
  readonly hint?: string
}

export const Refusal = (name: string, reason: string, hint?: string): Refusal => ({
  name,
  reason,
  ...(hint === undefined ? {} : { hint })
})

/** What is wrong with the file that should give a device. */
export const ofMistake = (name: string, { at, reason, hint }: Mistake): Refusal =>
  Refusal(name, `${at}: ${reason}`, hint)

// A file of another format would fill the screen with mistakes.
const MAX_MISTAKES = 8

export const ofBroken = (name: string, files: ReadonlyArray<BrokenFile>): ReadonlyArray<Refusal> =>
  [...files]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .flatMap(({ mistakes }) => mistakes.slice(0, MAX_MISTAKES).map((mistake) => ofMistake(name, mistake)))

/**
 * Nobody has the device: says so with what is known instead, and names the files that might have had it, were they not
 * broken.
 */
export const ofUnknown = (name: string, asked: QualifiedName, { specs, broken }: Library): ReadonlyArray<Refusal> => {
  const known = specs.flatMap(({ spec }) =>
    spec.devices.map((device) => ({ kind: spec.kind, name: `${spec.kind}=${device.name}` }))
  )
  const kinds = [...new Set(known.map(({ kind }) => kind))].sort()
  const same = known.filter(({ kind }) => kind === asked.kind)
  const unnamed = ofBroken(
    name,
    broken.filter(({ kind }) => kind === undefined)
  )
  if (kinds.length === 0)
    return [
      Refusal(
        name,
        'no CDI file of this host has a device',
        'install the CDI file of the vendor, for example in /etc/cdi'
      ),
      ...unnamed
    ]
  if (same.length > 0) {
    const hint = meant(name, same) ?? `it has ${listed(same.map((one) => one.name.slice(one.kind.length + 1)))}`
    return [Refusal(name, `the kind "${asked.kind}" has no device "${asked.device}" on this host`, hint), ...unnamed]
  }
  const hints = [meant(name, known), `known kinds are ${listed(kinds)}`].filter((hint) => hint !== undefined)
  return [Refusal(name, `no CDI file of this host has the kind "${asked.kind}"`, hints.join(' ')), ...unnamed]
}

const MAX_LISTED = 10

const listed = (words: ReadonlyArray<string>): string => {
  const sorted = [...new Set(words)].sort()
  const more = sorted.length > MAX_LISTED ? ` and ${String(sorted.length - MAX_LISTED)} more` : ''
  return `${sorted.slice(0, MAX_LISTED).join(', ')}${more}`
}

// Comparing costs the product of two lengths: enough for every real host, and bounded on any other.
const MAX_LENGTH = 64
const MAX_COMPARED = 256

const meant = (name: string, known: ReadonlyArray<{ readonly name: string }>): string | undefined => {
  const names = [...new Set(known.map((one) => one.name))]
    .filter(({ length }) => length <= MAX_LENGTH)
    .sort()
    .slice(0, MAX_COMPARED)
  const found = nearest(name, names)
  return found === undefined ? undefined : `did you mean "${found}"?`
}
