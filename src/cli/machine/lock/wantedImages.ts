import * as E from 'fp-ts/Either'

import * as PluginConfig from '../../../core/decode/PluginConfig'
import * as TaskConfig from '../../../core/decode/TaskConfig'
import { inTask, isSame } from '../../../core/domain/DocumentPath'
import { Issue } from '../../../core/domain/Issue'
import { Reference } from '../../../core/domain/Unknown'
import { issuesOf } from '../../../core/field/mistake'
import * as Lock from '../../../core/lock/Lock'
import * as explain from '../../../core/report/explain'
import { loginsOf } from '../../../core/resolve/loginOf'
import { Documents } from '../../../core/resolve/Request'
import { Ask } from '../../../effects/registry/lockImage'
import { TaskDocuments, taskDocuments, TaskOptions } from '../../load/taskDocuments'

/** An image that a job uses. `platform` is the task's own word, `""` where it has none. */
export interface Wanted {
  readonly key: string
  readonly name: string
  readonly platform: string
  readonly registry: string
  /** The digest that the name itself has: nothing is asked then. */
  readonly digest?: string
  readonly asking: Pick<Ask, 'logins' | 'hosts' | 'silenceMs' | 'timeoutMs'>
}

/** The images of every task of this driver in the inputs, each once, and the notices. Left is the text for stderr. */
export const wantedOf = async (
  inputs: ReadonlyArray<string>,
  options: TaskOptions
): Promise<E.Either<string, { readonly images: ReadonlyArray<Wanted>; readonly notices: string }>> => {
  const found = await taskDocuments(inputs, options)
  if (E.isLeft(found)) return found
  const wanted = found.right.tasks.map(wantedBy)
  const wrong = wanted.flatMap((one) => (E.isLeft(one) ? [one.left] : []))
  if (wrong.length > 0) return E.left(wrong.join(''))
  const all = wanted.flatMap((one) => (E.isRight(one) ? [one.right] : []))
  const notices = found.right.notices.map((one) => `${explain.notice(one)}\n`)
  return E.right({
    images: [...new Map(all.map((one) => [one.key, withLogin(one, all)])).values()],
    notices: notices.join('')
  })
}

/** Of several tasks with the same image, one may bring the login. */
const withLogin = (one: Wanted, all: ReadonlyArray<Wanted>): Wanted =>
  !hasLogin(one)
    ? { ...one, asking: all.find((other) => other.key === one.key && hasLogin(other))?.asking ?? one.asking }
    : one

const hasLogin = ({ asking }: Wanted): boolean => asking.logins.login !== undefined

/** What a lock depends on. */
const LOCKED = [inTask('image'), inTask('platform')]

const wantedBy = ({ name: at, documents, unknown }: TaskDocuments): E.Either<string, Wanted> => {
  const ofClient = unknown.filter((one) => LOCKED.some((option) => isSame(one.at, option)))
  if (ofClient.length > 0) return E.left(`${at}:\n${explain.issues(ofClient.map(unlockable))}`)
  const decoded = decode(documents)
  if (E.isLeft(decoded)) return E.left(`${at}:\n${explain.issues(decoded.left)}`)
  const { task, plugin } = decoded.right
  const platform = task.platform ?? ''
  if (platform !== '' && !Lock.isPlatform(platform)) return E.left(`${at}:\n${explain.issues([badPlatform(platform)])}`)
  const { name, registry, digest } = task.image.value
  return E.right({
    key: Lock.keyOf(name, platform),
    name,
    platform,
    registry,
    ...(digest === undefined ? {} : { digest }),
    asking: {
      logins: knownLogins(decoded.right),
      hosts: plugin.registry.config_path,
      silenceMs: plugin.pull_activity_timeout,
      timeoutMs: task.image_pull_timeout ?? plugin.image_pull_timeout
    }
  })
}

const unlockable = ({ at, name }: Reference): Issue =>
  Issue('BadValue', at, name, 'what only a Nomad client knows cannot be locked')

const badPlatform = (platform: string): Issue =>
  Issue('BadValue', inTask('platform'), platform, 'must be `linux/<architecture>[/<variant>]`')

interface Decoded {
  readonly task: TaskConfig.TaskConfig
  readonly plugin: PluginConfig.PluginConfig
}

/** The two documents without the policy: what an operator refuses still has an image. */
const decode = ({ task, plugin }: Documents): E.Either<ReadonlyArray<Issue>, Decoded> => {
  const [one, other] = [TaskConfig.codec.decode(task), PluginConfig.codec.decode(plugin)]
  return E.isLeft(one) || E.isLeft(other)
    ? E.left([...(E.isLeft(one) ? issuesOf(one.left) : []), ...(E.isLeft(other) ? issuesOf(other.left) : [])])
    : E.right({ task: one.right, plugin: other.right })
}

// A job's `password = "${…}"` is filled in by a Nomad client: the operator's login is what remains.
const knownLogins = ({ task, plugin }: Decoded): Ask['logins'] => {
  const own = loginsOf({ task, plugin })
  const { username = '', password } = own.login ?? {}
  if (!`${username}${password?.reveal() ?? ''}`.includes('${')) return own
  const { auth: _unknown, ...rest } = task
  return loginsOf({ task: rest as TaskConfig.TaskConfig, plugin })
}
