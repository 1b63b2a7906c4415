import * as PluginConfig from '../decode/PluginConfig'
import * as TaskConfig from '../decode/TaskConfig'
import type { Position } from '../domain/Position'
import { fieldNamed, type Fields } from '../field/Field'
import type { Places } from './Positions'

/**
 * Where the part of a job that an Issue or a Notice is about is written: the part itself, or the nearest thing around
 * it. A job may have written another name of the option, and one block where a list may stand.
 */
export const placesOf = (places: Places): ((at: string) => Position | undefined) => {
  const find = finder(places)
  return (at) => placeIn(find, renamed(at))
}

/** The place of one part. */
export const placeOf = (places: Places, at: string): Position | undefined => placesOf(places)(at)

type Find = (path: string) => Position | undefined

const placeIn = (find: Find, path: string): Position | undefined => {
  const root = ROOTS.find((name) => path === name || path.startsWith(`${name}.`)) ?? 'task'
  return [...ancestors(path).flatMap(namesOf), root, 'task'].reduce<Position | undefined>(
    (found, one) => found ?? find(one),
    undefined
  )
}

const ROOTS = ['plugin', 'task']

/** Notices speak of the job's own parts; what Nomad made of them has names of its own. */
const renamed = (at: string): string =>
  at
    .replace(/^(?=(?:env|user)(?:[.[]|$))/, 'allocation.')
    .replace(/^allocation\.resources(?=[.[]|$).*/, 'resources')
    .replace(/^allocation\.(?:networkIsolationSpec|dns|ports)(?=[.[]|$).*/, 'network')

/** A path and every beginning of it that ends before a dot or a bracket, the longest first. */
const ancestors = (path: string): ReadonlyArray<string> =>
  [path, ...Array.from(path.matchAll(/[.[]/g), ({ index }) => path.slice(0, index)).toReversed()].filter(
    (one) => one.includes('.') || !ROOTS.includes(one)
  )

/** A path under each name of its option, its own first. */
const namesOf = (path: string): ReadonlyArray<string> => {
  const [, root = '', name = '', rest = ''] = /^(task|plugin)\.([^.[]+)(.*)$/s.exec(path) ?? []
  const all = sameAs(root === 'plugin' ? PluginConfig.fields : TaskConfig.fields, name)
  return [path, ...all.filter((other) => other !== name).map((other) => `${root}.${other}${rest}`)]
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
