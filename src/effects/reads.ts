import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../core/domain/Failure'
import { ALLOC_ID, EXIT, OWNER } from '../core/domain/labels'
import { Process } from '../core/domain/Oci'
import { identityOf } from '../core/live/Live'
import { parseSpec } from '../core/live/parseSpec'
import { Exit, exitOf, fromLabel, toLabel } from '../core/watch/exitOf'
import { Observed } from '../core/watch/recoverOf'
import { Container } from '../generated/containerd/containers'
import { Status } from '../generated/containerd/tasks'
import { answer } from './answer'
import { call } from './containerd/call'
import { Containerd } from './containerd/Containerd'
import * as containers from './containerd/containers'
import { diskOfRoot } from './containerd/diskOfRoot'
import * as execs from './containerd/execs'
import { gauge, killsOf } from './containerd/gauge'
import { recordOf } from './containerd/recordOf'
import * as tasks from './containerd/tasks'
import { Cgroups, OpenCgroup } from './host/cgroups'
import { namesIn } from './host/namesIn'
import { runcVersion } from './host/runcVersion'
import { seenImages } from './image/seenImages'
import { SeenRoots } from './image/seenRoot'
import { Reads, Version } from './ports/Reads'
import { seen } from './seen'

/**
 * What a containerd and its host say. `cache` spares looking into the root of an image twice; `cgroups` are the host's.
 */
export const reads = (containerd: Containerd, cache: SeenRoots, cgroups: OpenCgroup = Cgroups()): Reads => ({
  answer: (questions, looker, signal) => answer(containerd, questions, cache, looker, signal),
  observe: (container) => observe(containerd, cgroups, container),
  exit: (container, signal) => exit(containerd, cgroups, container, signal),
  noteExit: (container, ended) => containers.label(containerd, container, EXIT, toLabel(ended)),
  records: (owner) =>
    pipe(containers.withLabel(containerd, OWNER, owner), TE.map((found) => found.map(recordOf))),
  runs: (allocId, task) =>
    pipe(containers.withLabel(containerd, ALLOC_ID, allocId), TE.map((found) => runsOf(found, allocId, task))),
  process: (container, owner) => processOf(containerd, container, owner),
  execExit: (container, exec, signal) => execs.exit(containerd, { container, exec }, signal),
  namesIn,
  seen: (wanted) => seen(containerd, wanted),
  images: (snapshotter) => seenImages(containerd, snapshotter),
  disk: () => diskOfRoot(containerd),
  gauge: (container) => gauge(containerd, cgroups, container),
  version: () => version(containerd)
})

const processOf =
  (containerd: Containerd, id: string, owner: string): TE.TaskEither<Failure, Process | undefined> =>
  async () => {
    const found = await containers.get(containerd, id)()
    if (E.isLeft(found)) return found
    if (found.right === undefined || !containers.isOf(found.right, owner)) return E.right(undefined)
    const spec = parseSpec(Buffer.from(found.right.spec?.value ?? []).toString('utf8'))
    return E.isLeft(spec)
      ? E.left(Failure('Invalid', `read the spec of ${id}`, spec.left))
      : E.right(spec.right.process)
  }

const runsOf = (found: ReadonlyArray<Container>, allocId: string, task: string): ReadonlyArray<string> =>
  found.flatMap(({ labels }) => {
    const identity = identityOf(labels)
    return identity?.allocId === allocId && identity.task === task ? [identity.owner] : []
  })

const observe =
  (containerd: Containerd, cgroups: OpenCgroup, id: string): TE.TaskEither<Failure, Observed> =>
  async () => {
    const container = await containers.get(containerd, id)()
    if (E.isLeft(container)) return container
    if (container.right === undefined) return E.right({ _tag: 'Absent' })
    const owner = container.right.labels[OWNER] ?? ''
    const task = await tasks.get(containerd, id)()
    if (E.isLeft(task)) return task
    if (task.right === undefined)
      return E.right({ _tag: 'Unknown', owner, label: fromLabel(container.right.labels[EXIT] ?? '') })
    const { status, exitStatus, exitedAt } = task.right
    return status === Status.STATUS_STOPPED
      ? E.right({
          _tag: 'Ended',
          owner,
          exit: exitOf(exitStatus, await killsOf(containerd, cgroups, id), tasks.toMs(exitedAt))
        })
      : E.right({ _tag: 'Running', owner })
  }

const exit =
  (containerd: Containerd, cgroups: OpenCgroup, id: string, signal: AbortSignal): TE.TaskEither<Failure, Exit> =>
  async () => {
    const ended = await tasks.wait(containerd, id, signal)()
    return E.isLeft(ended)
      ? ended
      : E.right(exitOf(ended.right.status, await killsOf(containerd, cgroups, id), ended.right.atMs))
  }

const ANSWER_MS = 5000

const version = (containerd: Containerd): TE.TaskEither<Failure, Version> =>
  pipe(
    call(containerd, 'ask containerd for its version', ['version', 'version'], {}, { deadlineMs: ANSWER_MS }),
    TE.chain(({ version: name, revision }): TE.TaskEither<Failure, Version> => async () => {
      const runc = await runcVersion()
      return E.right({ version: name, revision, ...(runc === undefined ? {} : { runc }) })
    })
  )
