import { fieldNamed, type Fields } from '../decode/Field'
import * as PluginConfig from '../decode/PluginConfig'
import * as TaskConfig from '../decode/TaskConfig'
import type { Position } from '../domain/Position'
import type { Places } from './Positions'

/**
 * Where the part of a job that an Issue or a Notice is about is written: the part itself, or the nearest thing around it.
 * A job may have written another name of the option, and one block where a list may stand.
 */
export const placeOf = (places: Places, at: string): Position | undefined => {
  const path = renamed(at)
  const root = ROOTS.find((name) => path === name || path.startsWith(`${name}.`)) ?? 'task'
  return [...ancestors(path).flatMap(namesOf), root, 'task'].reduce<Position | undefined>((found, one) => found ?? find(places, one), undefined)
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
  [path, ...Array.from(path.matchAll(/[.[]/g), ({ index }) => path.slice(0, index)).toReversed()].filter((one) => one.includes('.') || !ROOTS.includes(one))

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

/** The place of a path, of its first block or item, or of the last block that has its name: later blocks of a map win. */
const find = (places: Places, path: string): Position | undefined => {
  if (Object.hasOwn(places, path)) return places[path]
  const keys = Object.keys(places)
  const first = withoutFirst(path)
  const key = keys.find((one) => withoutFirst(one) === first) ?? keys.findLast((one) => withoutIndex(one) === path)
  return key === undefined ? undefined : places[key]
}

const withoutFirst = (path: string): string => path.replaceAll('[0]', '')

const withoutIndex = (path: string): string => path.replaceAll(/\[\d+\]/g, '')
