import { isJsonList, isJsonRecord, Json, member } from '../domain/Json'

/**
 * A document in which every mount names what it shows: a source that is pinned to a place of the driver's stands in the place of that.
 * What follows from the mounts alone, the pins and what is looked at before the start, is no part of it any more.
 */
export const withTrueSources = (document: Json): Json => {
  if (!isJsonRecord(document) || !Object.hasOwn(document, 'spec')) return document
  const { inspection: _follows, ...rest } = document
  const made = rest['mounts']
  const pins = new Map(isJsonList(made) ? made.flatMap(pinIn) : [])
  return pins.size === 0 || !isJsonList(made) ? rest : { ...rest, mounts: made.filter((thing) => pinIn(thing).length === 0), spec: shownIn(rest['spec'] ?? null, pins) }
}

type Pins = ReadonlyMap<string, string>

const pinIn = (thing: Json): ReadonlyArray<readonly [string, string]> => {
  const [path, source] = [member(thing, 'path'), member(thing, 'source')]
  return member(thing, '_tag') === 'Pin' && typeof path === 'string' && typeof source === 'string' ? [[path, source]] : []
}

const shownIn = (spec: Json, pins: Pins): Json => {
  const mounts = member(spec, 'mounts')
  return isJsonRecord(spec) && isJsonList(mounts) ? { ...spec, mounts: mounts.map((mount) => shown(mount, pins)) } : spec
}

const shown = (mount: Json, pins: Pins): Json => {
  const source = member(mount, 'source')
  const real = typeof source === 'string' ? pins.get(source) : undefined
  return isJsonRecord(mount) && real !== undefined ? { ...mount, source: real } : mount
}
