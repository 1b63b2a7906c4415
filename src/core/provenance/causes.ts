import * as E from 'fp-ts/Either'

import * as PluginConfig from '../decode/PluginConfig'
import * as TaskConfig from '../decode/TaskConfig'
import { Change } from '../diff/Change'
import { DocumentPath, isSame, placeIn } from '../domain/DocumentPath'
import { Json, member } from '../domain/Json'
import { Fields } from '../field/Field'
import { changesOf } from '../judge/changesOf'
import { documentOf, Offline, translateOffline } from '../offline'
import { Cause, Explained } from './Cause'
import { optionAt } from './OptionInfo'
import { withoutAll, withouts } from './without'

/**
 * What caused each part of the outcome. An option that was given is a cause of what would be otherwise without it:
 * found by compiling without it. Where no option is, the option whose default it is (from `sets` of its description);
 * else the driver itself.
 */
export const explained = (given: Offline): ReadonlyArray<Explained> => {
  const translated = translateOffline(given)
  if (E.isLeft(translated.outcome)) return []
  const document = documentOf(translated)
  return causesOfParts(given, document, document)
}

/**
 * The same for the document of a task that is at hand; the values are those of `shown`, which is it, redacted or not.
 */
export const causesOfParts = (given: Offline, document: Json, shown: Json): ReadonlyArray<Explained> => {
  const causes = causesIn(given, document)
  return partsOf(shown).map(({ pointer, key, after }) => ({ pointer, key, value: after ?? null, causes: causes(key) }))
}

/** The causes of any place of a task's document, by its key. */
export const causesIn = (given: Offline, document: Json): ((key: string) => ReadonlyArray<Cause>) => {
  const found = effects(given, document)
  return (key) => aloneOf(found, key) ?? severalOf(given, document, found, key)
}

/** What differs without an option; undefined where nothing compiles without it. */
export interface Effect {
  readonly cause: Cause
  readonly keys: ReadonlyArray<string> | undefined
}

/** What each given option causes. */
export const effects = (given: Offline, document: Json): ReadonlyArray<Effect> =>
  withouts(given).flatMap(({ at, rest }): ReadonlyArray<Effect> => {
    const keys = keysWithout(rest, document)
    return keys?.length === 0 ? [] : [{ cause: { at, isDefault: false }, keys }]
  })

/** What is otherwise in a case with less; undefined where that does not compile. */
const keysWithout = (rest: Offline, document: Json): ReadonlyArray<string> | undefined => {
  const without = documentOf(translateOffline(rest))
  const isLess = member(without, 'issues') !== undefined && member(document, 'issues') === undefined
  return isLess || member(without, 'spec') === undefined
    ? undefined
    : changesOf(without, document)
        .filter(({ kind, key }) => kind !== 'reordered' && !key.startsWith('/issues') && !key.startsWith('/left'))
        .map(({ key }) => key)
}

/** Whether one of the places is a part, lies in it, or holds it. */
const touch = (keys: ReadonlyArray<string> = [], part: string): boolean =>
  keys.some((key) => isWithin(key, part) || isWithin(part, key))

/** The parts of a document that are told one by one: the filter, and each item of a set, list or map. */
const partsOf = (document: Json): ReadonlyArray<Change> => changesOf({ spec: {} }, document)

/** What is a cause by itself; undefined where nothing is. */
const aloneOf = (found: ReadonlyArray<Effect>, key: string): ReadonlyArray<Cause> | undefined => {
  const causes = found.filter(({ keys }) => touch(keys, key)).map(({ cause }) => cause)
  return causes.length > 0 ? together(causes) : undefined
}

/** An option that cannot be left out decides what it says that it sets. */
const requiredOf = (found: ReadonlyArray<Effect>, options: ReadonlyArray<Cause>): ReadonlyArray<Cause> =>
  found
    .filter(({ cause, keys }) => keys === undefined && options.some(({ at }) => isSame(at, ownerOf(cause.at))))
    .map(({ cause }) => cause)

/**
 * Where no option alone is a cause, several may say the same: all that decide the place and can be left out are left
 * out together. Else it is what cannot be left out, their default, or the driver's.
 */
const severalOf = (
  given: Offline,
  document: Json,
  found: ReadonlyArray<Effect>,
  key: string
): ReadonlyArray<Cause> => {
  const options = settersOf(key)
  const required = requiredOf(found, options)
  const isRequired = ({ at }: Cause): boolean => required.some((one) => isSame(ownerOf(one.at), at))
  const said = options.flatMap((option) => writtenAs(given, option)).filter((cause) => !isRequired(cause))
  if (said.length === 0 || !isOther(given, document, key, said)) return orElse(together(required), options)
  const needed = said.filter((one) => !isOther(given, document, key, said.filter((other) => other !== one)))
  return needed.length > 0 ? needed : said
}

const orElse = (required: ReadonlyArray<Cause>, options: ReadonlyArray<Cause>): ReadonlyArray<Cause> =>
  [required, options].find(({ length }) => length > 0) ?? [DRIVER]

/** Whether a part would be otherwise without some options. */
const isOther = (given: Offline, document: Json, key: string, causes: ReadonlyArray<Cause>): boolean =>
  touch(keysWithout(withoutAll(given, causes.map(({ at }) => at)), document), key)

/** An option under the names by which a document gives it. */
const writtenAs = ({ documents }: Offline, { at }: Cause): ReadonlyArray<Cause> =>
  (optionAt(at, documents)?.given ?? []).map(([written]) => ({ at: written, isDefault: false }))

const DRIVER: Cause = { at: placeIn('driver'), isDefault: true }

/** Whether a place of a document is another or lies in it. */
export const isWithin = (outer: string, inner: string): boolean =>
  outer === '' || inner === outer || inner.startsWith(`${outer}/`)

/** The options that say of themselves that they decide a place, as exactly as any does. */
const settersOf = (key: string): ReadonlyArray<Cause> => {
  const all = [...settersIn('task', TaskConfig.fields, key), ...settersIn('plugin', PluginConfig.fields, key)]
  const nearest = Math.max(...all.map(({ length }) => length))
  return all.filter(({ length }) => length === nearest).map(({ cause }) => cause)
}

const settersIn = (
  document: 'task' | 'plugin',
  fields: Fields,
  key: string
): ReadonlyArray<{ readonly cause: Cause; readonly length: number }> =>
  Object.entries(fields).flatMap(([name, { about }]) => {
    const lengths = about.sets
      .map(pointerOf)
      .filter((place) => isWithin(place, key))
      .map(({ length }) => length)
    return lengths.length === 0
      ? []
      : [{ cause: { at: placeIn(document, name), isDefault: true }, length: Math.max(...lengths) }]
  })

/** `spec.process.cwd` as a pointer. */
const pointerOf = (set: string): string => `/${set.replaceAll('.', '/')}`

/** Several items of one list or map that cause the same are told as the list. */
const together = (causes: ReadonlyArray<Cause>): ReadonlyArray<Cause> => {
  const told = causes.map((cause, index) => {
    const owner = ownerOf(cause.at)
    const isOneOfSeveral = causes.some(({ at }, other) => other !== index && isSame(ownerOf(at), owner))
    return isOneOfSeveral ? { ...cause, at: owner } : cause
  })
  return told.filter(({ at }, index) => told.findIndex((other) => isSame(other.at, at)) === index)
}

/** The option that a place lies in. */
const ownerOf = ({ document, path }: DocumentPath): DocumentPath => placeIn(document, ...path.slice(0, 1))
