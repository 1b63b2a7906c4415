import { sequenceS } from 'fp-ts/Apply'
import * as E from 'fp-ts/Either'
import * as NEA from 'fp-ts/NonEmptyArray'

import { isNonEmpty, Issue, Issues, sorted } from '../domain/Issue'
import { User } from '../domain/Oci'
import { isAbsolute } from '../domain/path'
import { numberOf, SIGTERM } from '../domain/Signal'
import { userOf } from './accounts'
import { about, Facts, HostFacts, ImageFacts } from './Facts'
import { containerIdOf, labelsOf } from './identity'
import { cgroupsPathOf, limitsOf } from './limits'
import { mountsOf } from './mounts'
import { argsOf, cwdOf, envOf } from './process'
import { imageName } from './questionsOf'
import { Request } from './Request'
import { Task, TaskDevice, TaskMount, TaskNetwork } from './Task'

type Answer<A> = E.Either<Issues, A>

const parts = sequenceS(E.getApplicativeValidation(NEA.getSemigroup<Issue>()))

/** Request × Facts → Task, or every reason why there is none. A question that nobody answered is an Issue with the way to answer it. */
export const resolve = (request: Request, facts: Facts): Answer<Task> => {
  const image = about(facts.images, imageName(request))
  const issues = unanswered(request, facts)
  return image === undefined || facts.host === undefined || isNonEmpty(issues)
    ? E.left(isNonEmpty(issues) ? issues : [Issue('Unanswered', 'facts', undefined, 'the host or the image is not known')])
    : E.mapLeft(inOrder)(withFacts(request, facts, image, facts.host))
}

const inOrder = (issues: Issues): Issues => {
  const ordered = sorted(issues)
  return isNonEmpty(ordered) ? ordered : issues
}

const withFacts = (request: Request, facts: Facts, image: ImageFacts, host: HostFacts): Answer<Task> => {
  const { task, plugin, allocation } = request
  const containerId = containerIdOf(allocation)
  return E.map((decided: Decided): Task => ({
    ...decided,
    owner: allocation.id,
    containerId,
    image: { name: imageName(request), digest: image.digest, chainId: image.chainId },
    hostname: task.hostname ?? '',
    readonlyRootfs: task.readonly_rootfs,
    network: networkOf(request),
    limits: limitsOf(allocation, host),
    cgroupsPath: cgroupsPathOf(allocation, host, containerId),
    stdout: allocation.stdoutPath,
    stderr: allocation.stderrPath,
    labels: labelsOf(allocation),
    runtime: plugin.containerd_runtime,
    snapshotter: plugin.snapshotter,
    host
  }))(parts({
    args: one(argsOf(task, image.config)),
    env: many(envOf(allocation.env, image.config)),
    cwd: one(cwdOf(task, image.config)),
    user: one(user(request, image)),
    mounts: all(mountsOf(request, facts, host)),
    devices: all(devices(request, facts)),
    stopSignal: one(stopSignal(image))
  }))
}

type Decided = Pick<Task, 'args' | 'env' | 'cwd' | 'user' | 'stopSignal'> & {
  readonly mounts: ReadonlyArray<TaskMount>
  readonly devices: ReadonlyArray<TaskDevice>
}

const one = <A>(outcome: E.Either<Issue, A>): Answer<A> => E.mapLeft((issue: Issue): Issues => [issue])(outcome)

const many = <A>(outcome: E.Either<ReadonlyArray<Issue>, A>): Answer<A> =>
  E.mapLeft((issues: ReadonlyArray<Issue>): Issues => (isNonEmpty(issues) ? issues : [Issue('BadValue', 'task', undefined, 'is refused')]))(outcome)

const all = <A>(outcomes: ReadonlyArray<E.Either<Issue, A>>): Answer<ReadonlyArray<A>> => {
  const issues = outcomes.flatMap((outcome) => (E.isLeft(outcome) ? [outcome.left] : []))
  return isNonEmpty(issues) ? E.left(issues) : E.right(outcomes.flatMap((outcome) => (E.isRight(outcome) ? [outcome.right] : [])))
}

const unanswered = (request: Request, facts: Facts): ReadonlyArray<Issue> => [
  ...(facts.host === undefined ? [Issue('Unanswered', 'facts.host', undefined, 'nobody said what the host is')] : []),
  ...(about(facts.images, imageName(request)) === undefined
    ? [Issue('Unanswered', 'facts.images', imageName(request), 'nobody said what is in the image')]
    : [])
]

const networkOf = ({ task, allocation }: Request): TaskNetwork => {
  const netns = allocation.networkIsolationSpec?.path ?? ''
  return netns !== '' ? { _tag: 'Join', netns } : task.host_network ? { _tag: 'Host' } : { _tag: 'Isolated' }
}

const user = ({ allocation }: Request, image: ImageFacts): E.Either<Issue, User> => {
  const asked = allocation.user === '' ? image.config.user : allocation.user
  const at = allocation.user === '' ? 'image.config.User' : 'allocation.user'
  const hint = 'use numbers (`uid:gid`), or give the image\'s files in a facts file: "passwd": "name:x:1000:1000::/:/bin/sh"'
  return E.mapLeft((reason: string) => Issue('BadValue', at, asked, reason, hint))(userOf(asked, image))
}

const stopSignal = ({ config }: ImageFacts): E.Either<Issue, number> => {
  const number = config.stopSignal === '' ? SIGTERM : numberOf(config.stopSignal)
  return number === undefined
    ? E.left(Issue('BadValue', 'image.config.StopSignal', config.stopSignal, 'is no signal'))
    : E.right(number)
}

const devices = ({ allocation }: Request, facts: Facts): ReadonlyArray<E.Either<Issue, TaskDevice>> =>
  allocation.devices.map(({ hostPath, taskPath, cgroupPermissions }, index) => {
    const at = `allocation.devices[${String(index)}].hostPath`
    const device = about(facts.devices, hostPath)
    const path = taskPath === '' ? hostPath : taskPath
    if (device === undefined) return E.left(Issue('Unanswered', at, hostPath, 'is no device that anybody described', deviceHint(hostPath)))
    return isAbsolute(path)
      ? E.right({ node: { path, ...device }, access: cgroupPermissions === '' ? 'rwm' : cgroupPermissions })
      : E.left(Issue('BadValue', at, path, 'must be an absolute path'))
  })

const deviceHint = (path: string): string =>
  `add to the facts file: "devices": { ${JSON.stringify(path)}: { "type": "c", "major": 10, "minor": 229, "fileMode": 438, "uid": 0, "gid": 0 } }`
