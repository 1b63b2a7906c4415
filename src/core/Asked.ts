import * as E from 'fp-ts/Either'

import { Compiled } from './compile/Compiled'
import { inTask, isSame, pathText, placeIn, Step } from './domain/DocumentPath'
import { isRecord } from './domain/isRecord'
import { Issue } from './domain/Issue'
import { Json, toJson } from './domain/Json'
import { REDACTED } from './domain/Secret'
import { Facts } from './facts/Facts'
import * as Request from './resolve/Request'
import { translate } from './translate'

/** What is asked for, and what was left out of it. */
export interface Asked {
  readonly made: { readonly request: Request.Request; readonly compiled: Compiled } | undefined
  readonly left: ReadonlyArray<Json>
}

// A job with more mistakes than that is compared by what was left out.
const MOST = 40

/**
 * What refused documents ask for: what the operator does not allow stays, because another may; what cannot be read, or
 * cannot be known here, is left out one by one until the rest compiles.
 */
export const asked = (documents: Request.Documents, factsFor: (request: Request.Request) => Facts): Asked =>
  tried({ documents, left: [], tries: 0 }, factsFor)

interface Rest {
  readonly documents: Request.Documents
  readonly left: ReadonlyArray<Json>
  readonly tries: number
}

const tried = (rest: Rest, factsFor: (request: Request.Request) => Facts): Asked => {
  const { documents, left, tries } = rest
  const { issues, request } = Request.examine(documents)
  const compiled = request === undefined ? E.left(issues) : translate(request, factsFor(request))
  if (request !== undefined && E.isRight(compiled)) return { made: { request, compiled: compiled.right }, left }
  const wrong = E.isLeft(compiled) ? compiled.left : []
  const less = wrong
    .filter(({ _tag }) => _tag !== 'RefusedByPolicy')
    .toReversed()
    .map((issue) => without(documents, issue))
    .find((one) => one !== undefined)
  if (less === undefined || tries >= MOST) return { made: undefined, left: [...left, ...wholes(documents)] }
  return tried({ documents: less.documents, left: [...left, less.left], tries: tries + 1 }, factsFor)
}

/** Where nothing compiles, the config as a whole is what cannot be read. */
const wholes = ({ task }: Request.Documents): ReadonlyArray<Json> => [{ option: 'task', value: hidden([], task) }]

interface Less {
  readonly documents: Request.Documents
  readonly left: Json
}

const IMAGE = 'an-image-that-nobody-names'

/** The documents without what an issue names, and what that was; undefined where there is no such thing. */
const without = (documents: Request.Documents, { _tag, at }: Issue): Less | undefined => {
  const { document: root, path } = at
  if (root !== 'task' && root !== 'plugin' && root !== 'allocation') return undefined
  if (_tag === 'Missing' && isSame(at, inTask('image')) && isRecord(documents.task))
    return {
      documents: { ...documents, task: { ...documents.task, image: IMAGE } },
      left: { option: pathText(at), value: null }
    }
  const cut = cutOff(documents[root], path)
  return cut === undefined
    ? undefined
    : {
        documents: { ...documents, [root]: cut.rest },
        left: { option: pathText(placeIn(root, ...cut.path)), value: hidden(path, cut.value) }
      }
}

interface Cut {
  readonly rest: unknown
  readonly value: unknown
  readonly path: ReadonlyArray<string>
}

/** A value without what stands at a path, or at as much of the path as there is. */
export const cutOff = (value: unknown, [step, ...more]: ReadonlyArray<Step>): Cut | undefined => {
  if (step === undefined) return undefined
  if (Array.isArray(value)) {
    const list = value as ReadonlyArray<unknown>
    const index = typeof step === 'number' ? step : list.length
    if (index >= list.length) return undefined
    const inner = cutOff(list[index], more)
    return inner === undefined
      ? { rest: list.toSpliced(index, 1), value: list[index], path: [] }
      : { rest: list.with(index, inner.rest), value: inner.value, path: inner.path }
  }
  const name = String(step)
  if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined
  const inner = cutOff(value[name], more)
  const others = Object.fromEntries(Object.entries(value).filter(([other]) => other !== name))
  return inner === undefined
    ? { rest: others, value: value[name], path: [name] }
    : { rest: { ...value, [name]: inner.rest }, value: inner.value, path: [name, ...inner.path] }
}

const SECRET: ReadonlyArray<Step> = ['auth', 'env', 'environment', 'password']

/** A value that may be told: logins and environments are not. */
export const hidden = (path: ReadonlyArray<Step>, value: unknown): Json => {
  if (path.some((step) => SECRET.includes(step))) return REDACTED
  if (Array.isArray(value)) return value.map((item) => hidden(path, item))
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, hidden([...path, name], item)]))
    : toJson(value)
}
