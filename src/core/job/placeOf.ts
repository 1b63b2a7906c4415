import * as PluginConfig from '../decode/PluginConfig'
import * as TaskConfig from '../decode/TaskConfig'
import { type DocumentPath, inAllocation, inJobFile, pathText, placeIn, type Step } from '../domain/DocumentPath'
import type { Position } from '../domain/Position'
import { fieldNamed, type Fields } from '../field/Field'
import type { Places } from './Positions'

/**
 * Where the part of a job that an Issue or a Notice is about is written: the part itself, or the nearest thing around
 * it. A job may have written another name of the option, and one block where a list may stand.
 */
export const placesOf = (places: Places): ((at: DocumentPath) => Position | undefined) => {
  const find = finder(places)
  return (at) => foundBy(find, renamed(at))
}

/** The place of one part. */
export const placeOf = (places: Places, at: DocumentPath): Position | undefined => placesOf(places)(at)

type Find = (path: string) => Position | undefined

const foundBy = (find: Find, place: DocumentPath): Position | undefined => {
  const root = place.document === 'plugin' ? 'plugin' : 'task'
  return [...ancestors(place).flatMap(namesOf).map(pathText), root, 'task'].reduce<Position | undefined>(
    (found, one) => found ?? find(one),
    undefined
  )
}

/** Notices speak of the job's own parts; what Nomad made of them has names of its own. */
const renamed = (at: DocumentPath): DocumentPath => {
  const [first, second] = at.path
  if (at.document === '') return first === 'env' || first === 'user' ? inAllocation(...at.path) : at
  if (at.document !== 'allocation') return at
  if (OF_NETWORK.includes(first) || (first === 'resources' && second === 'ports')) return inJobFile('network')
  return first === 'resources' ? inJobFile('resources') : at
}

const OF_NETWORK: ReadonlyArray<Step | undefined> = ['networkIsolationSpec', 'dns', 'ports']

/** A place and all that it lies in, the innermost first; not the whole of a document that is a block itself. */
const ancestors = ({ document, path }: DocumentPath): ReadonlyArray<DocumentPath> =>
  [...path.map((_, index) => placeIn(document, ...path.slice(0, path.length - index))), placeIn(document)].filter(
    (one) => one.path.length > 0 || !BLOCKS.includes(one.document)
  )

const BLOCKS: ReadonlyArray<string> = ['task', 'plugin', '']

/** A place under each name of its option, its own first. */
const namesOf = (place: DocumentPath): ReadonlyArray<DocumentPath> => {
  const { document, path: [name, ...rest] } = place
  if (typeof name !== 'string' || (document !== 'task' && document !== 'plugin')) return [place]
  const all = sameAs(document === 'plugin' ? PluginConfig.fields : TaskConfig.fields, name)
  return [place, ...all.filter((other) => other !== name).map((other) => placeIn(document, other, ...rest))]
}

const sameAs = (fields: Fields, name: string): ReadonlyArray<string> => {
  const found = fieldNamed(fields, name)
  return found === undefined ? [] : [found.name, ...found.field.aliases]
}

/**
 * The place of a path, of its first block or item, or of the last block that has its name: later blocks of a map win.
 */
const finder = (places: Places): Find => {
  const keys = Object.keys(places)
  const firsts = new Map(keys.toReversed().map((key) => [withoutFirst(key), key]))
  const lasts = new Map(keys.map((key) => [withoutIndex(key), key]))
  return (path) => {
    if (Object.hasOwn(places, path)) return places[path]
    const key = firsts.get(withoutFirst(path)) ?? lasts.get(path)
    return key === undefined ? undefined : places[key]
  }
}

const withoutFirst = (path: string): string => path.replaceAll('[0]', '')

const withoutIndex = (path: string): string => path.replaceAll(/\[\d+\]/g, '')
