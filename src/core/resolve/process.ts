import * as E from 'fp-ts/Either'
import * as NEA from 'fp-ts/NonEmptyArray'

import { ImageConfig } from '../decode/ImageConfig'
import { TaskConfig } from '../decode/TaskConfig'
import { Issue } from '../domain/Issue'
import { clean } from '../domain/path'
import { Secret } from '../domain/Secret'
import { wrongCwd } from './policy'

/** What is run: entrypoint and command, the task's before the image's. A task's entrypoint drops the image's command. */
export const argsOf = (task: TaskConfig, image: ImageConfig): E.Either<Issue, NEA.NonEmptyArray<string>> => {
  const cleared = task.entrypoint.length === 1 && task.entrypoint[0] === ''
  const own = task.entrypoint.length > 0
  const entrypoint = cleared ? [] : own ? task.entrypoint : image.entrypoint
  const given = [...(task.command === undefined ? [] : [task.command]), ...task.args]
  const args = [...entrypoint, ...(given.length > 0 ? given : own ? [] : image.cmd)]
  const [first, ...rest] = args
  if (args.some(hasNul)) return E.left(Issue('BadValue', own ? 'task.entrypoint' : 'task.command', undefined, 'the image has a NUL byte in its command'))
  return first === undefined || first === ''
    ? E.left(Issue('Missing', own ? 'task.entrypoint' : 'task.command', undefined,
        first === '' ? 'the program to run has an empty name' : 'nothing is left to run: the image names no command',
        'set `command`'))
    : E.right([first, ...rest])
}

/** The working directory: the task's, else the image's, else `/`. */
export const cwdOf = (task: TaskConfig, image: ImageConfig): E.Either<Issue, string> => {
  const path = task.cwd ?? (image.cwd === '' ? '/' : image.cwd)
  const wrong = hasNul(path) ? 'has a NUL byte' : wrongCwd(path)
  return wrong === undefined
    ? E.right(clean(path))
    : E.left(Issue('BadValue', 'task.cwd', path, `the image's working directory ${wrong}`, 'set `cwd`'))
}

const hasNul = (text: string): boolean => text.includes('\u0000')

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

type Env = Readonly<Record<string, Secret>>

/** The environment: a PATH, the image's, then Nomad's, which wins. Names are unique; a bad name is an Issue, its value is not shown. */
export const envOf = (nomad: Env, image: ImageConfig): E.Either<ReadonlyArray<Issue>, Env> => {
  const bad = [
    ...badNames(Object.keys(nomad), 'allocation.env'),
    ...badValues(nomad),
    ...(image.env.some(hasNul) ? [Issue('BadValue', 'image.config.Env', undefined, 'must not contain a NUL byte')] : []),
    ...badNames(image.env.map((line) => line.split('=')[0] ?? ''), 'image.config.Env')
  ]
  return bad.length > 0 ? E.left(bad) : E.right({ PATH: Secret(DEFAULT_PATH), ...imageEnv(image), ...nomad })
}

const imageEnv = ({ env }: ImageConfig): Env =>
  Object.fromEntries(env.map((line) => {
    const at = line.indexOf('=')
    return [at < 0 ? line : line.slice(0, at), Secret(at < 0 ? '' : line.slice(at + 1))]
  }))

const badNames = (names: ReadonlyArray<string>, at: string): ReadonlyArray<Issue> =>
  names
    .filter((name) => name === '' || name.includes('=') || hasNul(name))
    .map((name) => Issue('BadValue', at, name, 'is no name of an environment variable (empty, or with `=` or NUL)'))

const badValues = (env: Env): ReadonlyArray<Issue> =>
  Object.entries(env)
    .filter(([, value]) => hasNul(value.reveal()))
    .map(([name]) => Issue('BadValue', `allocation.env.${name}`, undefined, 'must not contain a NUL byte'))
