import * as E from 'fp-ts/Either'
import * as NEA from 'fp-ts/NonEmptyArray'

import { TaskConfig } from '../decode/TaskConfig'
import { utf8Length } from '../domain/bytes'
import { COMMAND_BYTES, GROUPS } from '../domain/ceilings'
import { Issue } from '../domain/Issue'
import { User } from '../domain/Oci'
import { clean } from '../domain/path'
import { Secret } from '../domain/Secret'
import { numberOf, SIGTERM } from '../domain/Signal'
import { about, HostFacts, ImageFacts } from '../facts/Facts'
import { ImageConfig } from '../image/ImageConfig'
import * as accounts from './accounts'
import { INIT_TARGET } from './init'
import { wrongCwd } from './policy/process'
import { Request } from './Request'
import { hostIdOf, mappingsOf } from './userns'

/**
 * What is run: entrypoint and command, the task's before the image's. A task's entrypoint drops the image's command.
 */
export const argsOf = (task: TaskConfig, image: ImageConfig): E.Either<Issue, NEA.NonEmptyArray<string>> => {
  const cleared = task.entrypoint.length === 1 && task.entrypoint[0] === ''
  const own = task.entrypoint.length > 0
  const entrypoint = cleared ? [] : own ? task.entrypoint : image.entrypoint
  const given = [...(task.command === undefined ? [] : [task.command]), ...task.args]
  const args = [...entrypoint, ...(given.length > 0 ? given : own ? [] : image.cmd)]
  const [first, ...rest] = args
  if (args.some(hasNul))
    return E.left(
      Issue('BadValue', own ? 'task.entrypoint' : 'task.command', undefined, 'the image has a NUL byte in its command')
    )
  return first === undefined || first === ''
    ? E.left(
        Issue(
          'Missing',
          own ? 'task.entrypoint' : 'task.command',
          undefined,
          first === ''
            ? 'the program to run has an empty name'
            : own
              ? 'nothing is left to run: the entrypoint replaces what the image runs'
              : 'nothing is left to run: the image names no command',
          'set `command`'
        )
      )
    : E.right(task.init ? [INIT_TARGET, '--', first, ...rest] : [first, ...rest])
}

/**
 * The working directory: the task's, else the image's, else `/`; neither written nor through links of the image where
 * it must not be.
 */
export const cwdOf = (task: TaskConfig, { config, places = {} }: ImageFacts): E.Either<Issue, string> => {
  const path = task.cwd ?? (config.cwd === '' ? '/' : config.cwd)
  const refuse = (reason: string): E.Either<Issue, never> =>
    E.left(Issue('BadValue', 'task.cwd', path, reason, 'set `cwd`'))
  const wrong = hasNul(path) ? 'has a NUL byte' : wrongCwd(path)
  if (wrong !== undefined) return refuse(`the image's working directory ${wrong}`)
  const real = about(places, clean(path))?.realPath ?? clean(path)
  const leads = wrongCwd(real)
  return leads === undefined
    ? E.right(clean(path))
    : refuse(`leads through links of the image to ${real}, and the working directory ${leads}`)
}

const hasNul = (text: string): boolean => text.includes('\u0000')

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

type Env = Readonly<Record<string, Secret>>

/**
 * The environment: a PATH (and a TERM with a terminal), the image's, that of CDI devices, then Nomad's, which wins.
 * Names are
 * unique; a bad name is an Issue, its value is not shown.
 */
export const envOf = (
  nomad: Env,
  image: ImageConfig,
  devices: ReadonlyArray<string>,
  terminal: boolean
): E.Either<ReadonlyArray<Issue>, Env> => {
  const bad = [
    ...badNames(Object.keys(nomad), 'allocation.env'),
    ...badValues(nomad),
    ...(image.env.some(hasNul)
      ? [Issue('BadValue', 'image.config.Env', undefined, 'must not contain a NUL byte')]
      : []),
    ...badNames(
      image.env.map((line) => line.split('=')[0] ?? ''),
      'image.config.Env'
    )
  ]
  return bad.length > 0
    ? E.left(bad)
    : E.right({
        PATH: Secret(DEFAULT_PATH),
        ...(terminal ? { TERM: Secret('xterm') } : {}),
        ...envIn(image.env),
        ...envIn(devices),
        ...nomad
      })
}

const envIn = (lines: ReadonlyArray<string>): Env =>
  Object.fromEntries(lines.map((line) => {
    const at = line.indexOf('=')
    return [at < 0 ? line : line.slice(0, at), Secret(at < 0 ? '' : line.slice(at + 1))]
  }))

const BAD_NAME = /^$|[=\u0000]/

const badNames = (names: ReadonlyArray<string>, at: string): ReadonlyArray<Issue> =>
  names
    .filter((name) => BAD_NAME.test(name))
    .map((name) => Issue('BadValue', at, name, 'is no name of an environment variable (empty, or with `=` or NUL)'))

const badValues = (env: Env): ReadonlyArray<Issue> =>
  Object.keys(env)
    .filter((name) => hasNul(env[name]?.reveal() ?? ''))
    .map((name) => Issue('BadValue', `allocation.env.${name}`, undefined, 'must not contain a NUL byte'))

// execve(2) counts the end of each text and a pointer to it too.
const BESIDE = 9

/**
 * What is wrong with the size of all arguments and variables together: no process is started with more than Linux
 * takes.
 */
export const tooMuch = (args: ReadonlyArray<string>, env: Env): ReadonlyArray<Issue> => {
  const lettersOf = (size: (text: string) => number): number =>
    Object.keys(env).reduce(
      (sum, name) => sum + size(name) + 1 + size(env[name]?.reveal() ?? '') + BESIDE,
      args.reduce((sum, text) => sum + size(text) + BESIDE, 0)
    )
  // To count bytes costs more than to count letters, which are at most three each.
  const bytes = lettersOf(({ length }) => 3 * length) <= COMMAND_BYTES ? 0 : lettersOf(utf8Length)
  return bytes <= COMMAND_BYTES
    ? []
    : [
        Issue(
          'BadValue',
          'task.args',
          undefined,
          `come to ${String(bytes)} bytes with the environment; Linux takes at most ${String(COMMAND_BYTES)} of both`,
          'write a file, and name it'
        )
      ]
}

/**
 * The user of the process: the task's, else the image's; with the groups of its account, of the job and of CDI devices.
 */
export const userOf = (
  { task, allocation }: Request,
  image: ImageFacts,
  devices: ReadonlyArray<number>
): E.Either<ReadonlyArray<Issue>, User> => {
  const asked = allocation.user === '' ? image.config.user : allocation.user
  const at = allocation.user === '' ? 'image.config.User' : 'allocation.user'
  const user = accounts.userOf(asked, image)
  const groups = accounts.groupsOf(task.group_add, image)
  const issues = [
    ...(E.isLeft(user)
      ? [Issue('BadValue', at, asked, user.left.reason, user.left.isLookup ? ACCOUNTS_HINT : undefined)]
      : []),
    ...(E.isLeft(groups)
      ? groups.left.map(([index, { reason, isLookup }]) =>
          Issue(
            'BadValue',
            `task.group_add[${String(index)}]`,
            task.group_add[index],
            reason,
            isLookup ? GROUPS_HINT : undefined
          )
        )
      : [])
  ]
  if (E.isLeft(user) || E.isLeft(groups)) return E.left(issues)
  const additionalGids = [...new Set([...user.right.additionalGids, ...groups.right, ...devices])]
  if (additionalGids.length > GROUPS)
    return E.left([
      Issue(
        'BadValue',
        'task.group_add',
        undefined,
        `makes ${String(additionalGids.length)} groups of the process, with those of its account; Linux takes at most ${String(GROUPS)}`
      )
    ])
  const unmapped = unmappedIds(task.userns, [user.right.uid, user.right.gid, ...additionalGids])
  if (unmapped.length > 0)
    return E.left([
      Issue(
        'BadValue',
        'task.userns',
        task.userns,
        `maps no id of the host to ${unmapped.join(', ')}, which the container needs`
      )
    ])
  return E.right({ ...user.right, additionalGids, ...(task.umask === undefined ? {} : { umask: task.umask }) })
}

/** The ids that a process needs and its namespace of users has not: root's, whom the runtime starts as, and its own. */
const unmappedIds = (userns: string, ids: ReadonlyArray<number>): ReadonlyArray<number> => {
  const ranges = mappingsOf(userns)
  return ranges === undefined ? [] : [...new Set([0, ...ids])].filter((id) => hostIdOf(ranges, id) === undefined)
}

const GROUPS_HINT = 'use a number, or give the image\'s file in a facts file: "group": "name:x:1000:"'
const ACCOUNTS_HINT =
  'use numbers (`uid:gid`), or give the image\'s files in a facts file: "passwd": "name:x:1000:1000::/:/bin/sh"'

/** The signal that ends the task: the image's, else SIGTERM. A job's `kill_signal` comes with the stop. */
export const stopSignalOf = ({ stopSignal }: ImageConfig): E.Either<Issue, number> => {
  const number = stopSignal === '' ? SIGTERM : numberOf(stopSignal)
  return number === undefined
    ? E.left(
        Issue(
          'BadValue',
          'image.config.StopSignal',
          stopSignal,
          'is no signal',
          'the image has to be built with another one, such as SIGTERM'
        )
      )
    : E.right(number)
}

/** The job's, else the operator's. The kernel lets nobody without CAP_SYS_RESOURCE go below zero. */
export const oomScoreAdjOf = ({ task, plugin }: Request, host: HostFacts): E.Either<Issue, number | undefined> => {
  const wanted = task.oom_score_adj ?? plugin.oom_score_adj
  return wanted !== undefined && wanted < 0 && !host.capabilities.includes('CAP_SYS_RESOURCE')
    ? E.left(
        Issue(
          'BadValue',
          `${task.oom_score_adj === undefined ? 'plugin' : 'task'}.oom_score_adj`,
          wanted,
          'is below zero, which this host cannot grant (CAP_SYS_RESOURCE)',
          'use zero or more'
        )
      )
    : E.right(wanted)
}
