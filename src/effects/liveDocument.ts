import { readFileSync } from 'node:fs'

import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { RuntimeOptions } from '../core/compile/Compiled'
import { Failure } from '../core/domain/Failure'
import { ALLOC_ID, OWNER } from '../core/domain/labels'
import { chainIds } from '../core/image/chainIds'
import { choose } from '../core/live/choose'
import { filesOf, labelsOf, Live, pinsOf } from '../core/live/Live'
import { parseSpec } from '../core/live/parseSpec'
import { Container } from '../generated/containerd/containers'
import { Options } from '../generated/containerd/runc'
import { Process } from '../generated/containerd/tasks'
import { Containerd } from './containerd/Containerd'
import * as containers from './containerd/containers'
import * as snapshots from './containerd/snapshots'
import * as tasks from './containerd/tasks'
import { mountedFrom } from './host/mountedFrom'
import { stored } from './image/StoredImage'

/**
 * Reads a container by its id, or by its allocation's (the first eight characters will do; `task` chooses among
 * several). Changes nothing. The failure names the socket, what there is instead, or the several that match.
 */
export const liveDocument =
  (containerd: Containerd, wanted: string, task?: string): TE.TaskEither<Failure, Live> =>
  async () => {
    const found = await find(containerd, wanted, task)
    return E.isLeft(found) ? found : liveOf(containerd, found.right)
  }

const find = async (
  containerd: Containerd,
  wanted: string,
  task: string | undefined
): Promise<E.Either<Failure, Container>> => {
  // An id that containerd would refuse is none of a container: the list says what there is.
  const exact = isId(wanted) ? await containers.get(containerd, wanted)() : E.right(undefined)
  if (E.isLeft(exact)) return exact
  if (exact.right !== undefined) return E.right(exact.right)
  const all = await candidates(containerd, wanted)
  if (E.isLeft(all)) return all
  const chosen = choose(wanted, task, all.right)
  return E.mapLeft((why: string) =>
    Failure('NotFound', `look in the containerd namespace ${containerd.namespace}`, why)
  )(chosen)
}

// A list holds every spec, and gRPC carries 16 MiB: those of one allocation are asked for first.
const candidates = async (
  containerd: Containerd,
  wanted: string
): Promise<E.Either<Failure, ReadonlyArray<Container>>> => {
  const few = ALLOCATION.test(wanted)
    ? await containers.labelled(containerd, ALLOC_ID, wanted.toLowerCase())()
    : E.right([])
  return E.isLeft(few) || few.right.length > 0 ? few : containers.labelled(containerd, OWNER)()
}

const ALLOCATION = /^[0-9a-fA-F][0-9a-fA-F-]{7,35}$/

const MAX_ID = 76

const isId = (text: string): boolean => text.length <= MAX_ID && /^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/.test(text)

const liveOf = async (containerd: Containerd, record: Container): Promise<E.Either<Failure, Live>> => {
  const { id, snapshotter, snapshotKey } = record
  const spec = E.mapLeft((reason: string) => Failure('Invalid', `read container ${id}`, reason))(
    parseSpec(Buffer.from(record.spec?.value ?? []).toString('utf8'))
  )
  if (E.isLeft(spec)) return spec
  const [process, snapshot] = [
    await tasks.get(containerd, id)(),
    snapshotKey === '' ? E.right(undefined) : await snapshots.stat(containerd, { snapshotter, key: snapshotKey })()
  ]
  if (E.isLeft(process)) return process
  if (E.isLeft(snapshot)) return snapshot
  const { own, runtime } = labelsOf(record.labels)
  return E.right({
    spec: spec.right,
    container: {
      id,
      owner: own[OWNER] ?? '',
      labels: own,
      snapshotter,
      runtime: { name: record.runtime?.name ?? '', options: optionsOf(record) },
      image: await imageOf(containerd, record.image, snapshot.right?.parent ?? '')
    },
    runtimeLabels: runtime,
    ...(process.right === undefined ? {} : { io: ioOf(process.right) }),
    files: Object.fromEntries(filesOf(id, spec.right).flatMap(textAt)),
    pins: mountedFrom(pinsOf(id, spec.right))
  })
}

const ioOf = ({ stdout, stderr, terminal }: Process): NonNullable<Live['io']> => ({ stdout, stderr, terminal })

const RUNC_OPTIONS = 'containerd.runc.v1.Options'

const optionsOf = ({ runtime }: Container): RuntimeOptions => {
  if (runtime?.options?.typeUrl !== RUNC_OPTIONS) return { _tag: 'None' }
  const { ioUid, ioGid } = Options.decode(runtime.options.value)
  return { _tag: 'Runc', ioUid, ioGid }
}

/** The name may stand for another image by now, and then nobody knows which digest it stood for. */
const imageOf = async (containerd: Containerd, name: string, chainId: string): Promise<Live['container']['image']> => {
  const image = name === '' ? undefined : await stored(containerd, name)()
  const same = image !== undefined && E.isRight(image) && chainIds(image.right.diffIds).at(-1) === chainId
  return { name, ...(same ? { digest: image.right.digest } : {}), ...(chainId === '' ? {} : { chainId }) }
}

const textAt = (path: string): ReadonlyArray<readonly [string, string]> => {
  try {
    return [[path, readFileSync(path, 'utf8')]]
  } catch {
    return []
  }
}
