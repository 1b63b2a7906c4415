import { isJsonList, isJsonRecord, Json, member } from '../domain/Json'

/**
 * A document in which every mount names what it shows: a source that is pinned to a place of the driver's stands in the
 * place of that.
 */
export const withTrueSources = (document: Json): Json => {
  const made = member(document, 'mounts')
  const spec = member(document, 'spec')
  const pins = new Map(isJsonList(made) ? made.flatMap(pinIn) : [])
  return pins.size === 0 || !isJsonRecord(document) || spec === undefined
    ? document
    : { ...document, spec: shownIn(spec, pins) }
}

type Pins = ReadonlyMap<string, string>

const pinIn = (thing: Json): ReadonlyArray<readonly [string, string]> => {
  const [path, source] = [member(thing, 'path'), member(thing, 'source')]
  return member(thing, '_tag') === 'Pin' && typeof path === 'string' && typeof source === 'string'
    ? [[path, source]]
    : []
}

const shownIn = (spec: Json, pins: Pins): Json => {
  const mounts = member(spec, 'mounts')
  return isJsonRecord(spec) && isJsonList(mounts)
    ? { ...spec, mounts: mounts.map((mount) => shown(mount, pins)) }
    : spec
}

const shown = (mount: Json, pins: Pins): Json => {
  const source = member(mount, 'source')
  const real = typeof source === 'string' ? pins.get(source) : undefined
  return isJsonRecord(mount) && real !== undefined ? { ...mount, source: real } : mount
}
