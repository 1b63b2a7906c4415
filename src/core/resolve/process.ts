import * as E from 'fp-ts/Either'
import * as NEA from 'fp-ts/NonEmptyArray'

import { TaskConfig } from '../decode/TaskConfig'
import { tooLong } from '../domain/ceilings'
import { inTask, placeIn } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { clean, isAbsolute } from '../domain/path'
import { numberOf, SIGTERM } from '../domain/Signal'
import { about, HostFacts, ImageFacts } from '../facts/Facts'
import { ImageConfig, tooLargeCommand } from '../image/ImageConfig'
import { wrongCwd } from '../policy/process'
import { INIT_TARGET } from '../wanted/init'
import { Request } from './Request'

/**
 * What is run: entrypoint and command, the task's before the image's. A task's entrypoint drops the image's command.
 */
export const argsOf = (task: TaskConfig, image: ImageConfig): E.Either<Issue, NEA.NonEmptyArray<string>> => {
  const [large] = tooLarge(task, image)
  if (large !== undefined) return E.left(large)
  const isOwn = task.entrypoint.length > 0
  const at = isOwn ? inTask('entrypoint') : inTask('command')
  const args = [...entrypointOf(task, image), ...commandOf(task, image)]
  const [first, ...rest] = args
  if (args.some(hasNul))
    return E.left(Issue('BadValue', at, undefined, 'the image has a NUL byte in its command'))
  const missing = (reason: string): E.Either<Issue, never> =>
    E.left(Issue('Missing', at, undefined, reason, 'set `command`'))
  if (first === undefined) return missing(isOwn ? NOTHING_LEFT : NO_COMMAND)
  if (first === '') return missing('the program to run has an empty name')
  return E.right(task.init ? [INIT_TARGET, '--', first, ...rest] : [first, ...rest])
}

/** What the image says at greater length than any image has to, as far as the job leaves it in force. */
const tooLarge = (task: TaskConfig, image: ImageConfig): ReadonlyArray<Issue> => [
  ...(entrypointOf(task, image) === image.entrypoint ? tooLargeCommand('Entrypoint', image.entrypoint) : []),
  ...(commandOf(task, image) === image.cmd ? tooLargeCommand('Cmd', image.cmd) : [])
]

const NOTHING_LEFT = 'nothing is left to run: the entrypoint replaces what the image runs'
const NO_COMMAND = 'nothing is left to run: the image names no command'

/** An entrypoint of one empty text clears the image's. */
const entrypointOf = ({ entrypoint }: TaskConfig, image: ImageConfig): ReadonlyArray<string> => {
  if (entrypoint.length === 0) return image.entrypoint
  return entrypoint.length === 1 && entrypoint[0] === '' ? [] : entrypoint
}

const commandOf = ({ command, args, entrypoint }: TaskConfig, image: ImageConfig): ReadonlyArray<string> => {
  const given = [...(command === undefined ? [] : [command]), ...args]
  return given.length > 0 || entrypoint.length > 0 ? given : image.cmd
}

/**
 * The working directory: the task's, else the image's, else `/`; neither written nor through links of the image where
 * it must not be.
 */
export const cwdOf = (task: TaskConfig, { config, places = {} }: ImageFacts): E.Either<Issue, string> => {
  const path = task.cwd ?? (config.cwd === '' ? '/' : config.cwd)
  const refuse = (reason: string): E.Either<Issue, never> =>
    E.left(Issue('BadValue', inTask('cwd'), path, reason, 'set `cwd`'))
  // As in Docker, what an image has is cleaned; what leads to the runtime's own files is found all the same.
  const wrong = hasNul(path) ? 'has a NUL byte' : (tooLong(path) ?? wrongCwd(isAbsolute(path) ? clean(path) : path))
  if (wrong !== undefined) return refuse(`the image's working directory ${wrong}`)
  const real = about(places, clean(path))?.realPath ?? clean(path)
  const leads = wrongCwd(real)
  return leads === undefined
    ? E.right(clean(path))
    : refuse(`leads through links of the image to ${real}, and the working directory ${leads}`)
}

const hasNul = (text: string): boolean => text.includes('\u0000')

/**
 * The signal that ends the task: the image's, else SIGTERM, which Docker takes too where the image's is none. A job's
 * `kill_signal` comes with the stop.
 */
export const stopSignalOf = ({ stopSignal }: ImageConfig): number => numberOf(stopSignal) ?? SIGTERM

/**
 * The job's, else the operator's, else 0: a process of which a spec says nothing has containerd's own, which its unit
 * may have set to anything. The kernel lets nobody without CAP_SYS_RESOURCE go below zero.
 */
export const oomScoreAdjOf = ({ task, plugin }: Request, host: HostFacts): E.Either<Issue, number> => {
  const wanted = task.oom_score_adj ?? plugin.oom_score_adj ?? 0
  return wanted < 0 && !host.capabilities.includes('CAP_SYS_RESOURCE')
    ? E.left(
        Issue(
          'BadValue',
          placeIn(task.oom_score_adj === undefined ? 'plugin' : 'task', 'oom_score_adj'),
          wanted,
          'is below zero, which this host cannot grant (CAP_SYS_RESOURCE)',
          'use zero or more'
        )
      )
    : E.right(wanted)
}
