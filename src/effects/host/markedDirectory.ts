import { promises } from 'node:fs'

import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import * as t from 'io-ts'

import { Failure } from '../../core/domain/Failure'
import { jsonIn } from '../../core/domain/jsonIn'
import { OWNER_FILE, PINS } from '../../core/domain/mark'
import { clean } from '../../core/domain/path'
import { Performing } from '../ports/Machine'
import { codeOf } from '../ports/Thrown'
import { isOwnDirectory, makeOwnDirectory } from './ownDirectory'
import { systemCall, unless } from './systemCall'

const PRIVATE = 0o600

const codec = t.intersection([t.type({ owner: t.string }), t.record(t.string, t.string)])

/** Whose a directory is: the owner, and the mark by its names. */
export type Whose = t.TypeOf<typeof codec>

/**
 * Does something in a container's directory, which says from its first moment on whose it is. Where that does not work,
 * a directory with nothing else in it goes again.
 */
export const inMarked = <A, B>(
  directoryOf: (act: A) => string, act: (act: A, how: Performing) => TE.TaskEither<Failure, B>
) => (what: A, how: Performing): TE.TaskEither<Failure, B> => async () => {
  const { owner, mark } = how
  if (mark === undefined) return act(what, how)()
  const directory = directoryOf(what)
  const doing = `mark ${directory}`
  const marked = await systemCall(doing, () => keep(doing, directory, JSON.stringify({ ...mark, owner })))
  const outcome = E.isLeft(marked) ? marked : await act(what, how)()
  if (E.isLeft(outcome)) await leave(directory).catch(() => undefined)
  return outcome
}

const keep = async (doing: string, directory: string, text: string): Promise<void> => {
  const write = (): Promise<void> =>
    promises.writeFile(`${directory}/${OWNER_FILE}`, text, { flag: 'wx', mode: PRIVATE }).catch(unless('EEXIST'))
  await write().catch(async (thrown: unknown) => {
    if (codeOf(thrown) !== 'ENOENT') throw thrown
    await makeOwnDirectory(doing, directory)
    await write()
  })
}

/** Takes something back that was done in a container's directory, which goes with the last thing in it. */
export const fromMarked = (directory: string, undo: TE.TaskEither<Failure, void>): TE.TaskEither<Failure, void> =>
  pipe(undo, TE.chain(() => () => systemCall(`leave ${directory}`, () => leave(directory))))

const leave = async (directory: string): Promise<void> => {
  const names = await promises.readdir(directory).catch(unless('ENOENT', 'ENOTDIR'))
  if (names?.length !== 1 || names[0] !== OWNER_FILE || !(await isOwnDirectory(directory))) return
  await promises.rm(`${directory}/${OWNER_FILE}`, { force: true })
  await promises.rmdir(directory).catch(unless('ENOENT', 'ENOTEMPTY', 'EEXIST'))
}

/** The driver's own directory of a container. */
export interface MarkedDirectory {
  readonly path: string
  readonly container: string
  /** Undefined where it does not say. */
  readonly whose: Whose | undefined
  /** What is in it beside what says whose it is, and in its directory of pins. */
  readonly names: ReadonlyArray<string>
  readonly pins: ReadonlyArray<string>
}

/** All of them below a state directory. */
export const markedDirectories = async (state: string): Promise<ReadonlyArray<MarkedDirectory>> => {
  const found = (await promises.readdir(state, { withFileTypes: true }).catch(unless('ENOENT', 'ENOTDIR'))) ?? []
  const names = found.filter((one) => one.isDirectory() && !one.name.startsWith('.')).map(({ name }) => name)
  return Promise.all(names.map((name) => markedDirectory(`${clean(state)}/${name}`, name)))
}

const markedDirectory = async (path: string, container: string): Promise<MarkedDirectory> => {
  const names = await namesIn(path)
  const text = await promises.readFile(`${path}/${OWNER_FILE}`, 'utf8').catch(unless('ENOENT', 'ENOTDIR'))
  const whose = codec.decode(jsonIn(text ?? ''))
  return {
    path, container, whose: E.isRight(whose) ? whose.right : undefined,
    names: names.filter((name) => name !== OWNER_FILE),
    pins: names.includes(PINS) ? await namesIn(`${path}/${PINS}`) : []
  }
}

const namesIn = async (directory: string): Promise<ReadonlyArray<string>> =>
  (await promises.readdir(directory).catch(unless('ENOENT', 'ENOTDIR'))) ?? []
