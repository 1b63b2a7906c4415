import { promises } from 'node:fs'

import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../core/domain/Failure'
import { ALLOC_DIR, NODE, OWNER } from '../core/domain/labels'
import { identityOf } from '../core/live/Live'
import { AllocDir, Seen, SeenContainer, SeenDirectory, SeenLease, SeenSnapshot } from '../core/reap/Seen'
import { Container } from '../generated/containerd/containers'
import { Status } from '../generated/containerd/tasks'
import { networksIn } from './cni/networksIn'
import { Containerd } from './containerd/Containerd'
import * as containers from './containerd/containers'
import * as leases from './containerd/leases'
import { recordOf } from './containerd/recordOf'
import * as snapshots from './containerd/snapshots'
import * as tasks from './containerd/tasks'
import { markedDirectories, MarkedDirectory } from './host/markedDirectory'
import { sparesIn } from './host/PipeStock'
import { must } from './ports/must'
import { Marked } from './ports/Reads'
import { codeOf, failureOf } from './ports/Thrown'

/** What the driver made on this host and in this containerd. */
export const seen = (
  containerd: Containerd, { node, stateDirectory, snapshotters }: Marked
): TE.TaskEither<Failure, Seen> => async () => {
  try {
    const marked = node === undefined
      ? containers.labelled(containerd, NODE)
      : containers.withLabel(containerd, NODE, node)
    const found = must(await marked())
    const all: Array<SeenContainer> = []
    for (const one of found) all.push(await seenContainer(containerd, one))
    const places = new Set([...snapshotters, ...found.map(({ snapshotter }) => snapshotter)])
    return E.right({
      containers: all,
      snapshots: await seenSnapshots(containerd, [...places], node),
      leases: await Promise.all(must(await leases.labelled(containerd, NODE, node)()).map(seenLease)),
      directories: await Promise.all((await markedDirectories(stateDirectory)).map(seenDirectory)),
      spares: await sparesIn(stateDirectory)
    })
  } catch (thrown) {
    return E.left(failureOf(thrown, 'look for what the driver made'))
  }
}

type Labels = Readonly<Record<string, string>>

const whoseOf = (labels: Labels): { readonly owner: string; readonly node: string } =>
  ({ owner: labels[OWNER] ?? '', node: labels[NODE] ?? '' })

const seenContainer = async (containerd: Containerd, container: Container): Promise<SeenContainer> => {
  const { id, labels } = container
  const { allocId = '', task = '' } = identityOf(labels) ?? {}
  return {
    ...whoseOf(labels), record: recordOf(container), allocId, task,
    state: await stateOf(containerd, id), allocDir: await allocDirOf(labels)
  }
}

const STATES: Readonly<Partial<Record<Status, SeenContainer['state']>>> =
  { [Status.STATUS_CREATED]: 'Created', [Status.STATUS_STOPPED]: 'Ended' }

// Of a task whose shim does not answer nobody knows that it does not run.
const stateOf = async (containerd: Containerd, id: string): Promise<SeenContainer['state']> => {
  const task = await tasks.get(containerd, id)()
  if (E.isLeft(task)) return 'Running'
  return task.right === undefined ? 'None' : STATES[task.right.status] ?? 'Running'
}

const allocDirOf = async (labels: Labels): Promise<AllocDir> => {
  const path = labels[ALLOC_DIR]
  if (path === undefined) return 'Unknown'
  return promises.lstat(path).then(
    () => 'There',
    (thrown: unknown) => (['ENOENT', 'ENOTDIR'].includes(codeOf(thrown)) ? 'Gone' : 'Unknown')
  )
}

const seenLease = async ({ id, labels }: leases.Labelled): Promise<SeenLease> =>
  ({ ...whoseOf(labels), lease: id, allocDir: await allocDirOf(labels) })

const seenSnapshots = async (
  containerd: Containerd, places: ReadonlyArray<string>, node: string | undefined
): Promise<ReadonlyArray<SeenSnapshot>> => {
  const all: Array<SeenSnapshot> = []
  for (const snapshotter of places) {
    const found = must(await snapshots.labelled(containerd, snapshotter, NODE, node)())
    all.push(...found.map(({ name, labels }) => ({ ...whoseOf(labels), snapshotter, key: name })))
  }
  return all
}

const seenDirectory = async ({ path, container, whose, names, pins }: MarkedDirectory): Promise<SeenDirectory> => ({
  owner: whose?.['owner'] ?? '', node: whose?.[NODE] ?? '', path, container, names, pins,
  joined: await networksIn(path, names)
})
