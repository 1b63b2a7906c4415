import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import * as t from 'io-ts'

import { Failure } from '../../core/domain/Failure'
import { ALLOC_ID } from '../../core/domain/labels'
import { Neighbour, neighbourText } from '../../core/domain/Neighbour'
import { identityOf } from '../../core/live/Live'
import { Output } from '../../core/plan/Output'
import { Act } from '../../core/plan/Step'
import { Container } from '../../generated/containerd/containers'
import { Status } from '../../generated/containerd/tasks'
import { addressesOf } from '../host/addressesOf'
import { holdNamespace, isOfHost } from '../host/networkNamespace'
import { Clock } from '../ports/Clock'
import { Performing } from '../ports/Machine'
import { must } from '../ports/must'
import { failureOf, Thrown } from '../ports/Thrown'
import { Containerd } from './Containerd'
import * as containers from './containers'
import * as tasks from './tasks'

interface There {
  readonly containerd: Containerd
  readonly clock: Clock
}

type Share = Act<'ShareNamespace'>

const LOOK_EVERY_MS = 200

/**
 * Holds the network namespace of another container by a file of the task's own, and waits for that container's process.
 * The namespace lives as long as the file, whatever becomes of the other. NotFound where nothing runs there in time,
 * Denied where it is in the network of the host.
 */
export const shareNamespace =
  (
    { containerd, clock }: There, { path, of, withinMs }: Share, { signal }: Pick<Performing, 'signal'>
  ): TE.TaskEither<Failure, Output> =>
  async () => {
    const doing = `join the network of ${neighbourText(of)}`
    const untilMs = clock.now() + withinMs
    try {
      for (;;) {
        const pid = await processOf(containerd, of, doing)
        if (pid !== undefined) return E.right(await held(containerd, { doing, path, of, pid }))
        if (clock.now() >= untilMs || signal.aborted) throw new Thrown(Failure('NotFound', doing, NOBODY))
        await clock.sleep(LOOK_EVERY_MS, signal)
      }
    } catch (thrown) {
      return E.left(failureOf(thrown, doing))
    }
  }

const NOBODY = 'it does not run; start it before, with `lifecycle { hook = "prestart", sidecar = true }`'

interface Found {
  readonly doing: string
  readonly path: string
  readonly of: Neighbour
  readonly pid: number
}

/** Of a process that is the same one afterwards, the number was never another's. */
const held = async (containerd: Containerd, { doing, path, of, pid }: Found): Promise<Output> => {
  await holdNamespace(doing, path, pid)
  if (await isOfHost(path)) throw new Thrown(Failure('Denied', doing, ON_HOST))
  const addresses = addressesOf(pid)
  if ((await processOf(containerd, of, doing)) !== pid)
    throw new Thrown(Failure('Unavailable', doing, 'it has ended meanwhile'))
  return { _tag: 'Words', words: { addresses: addresses.join(' ') } }
}

const ON_HOST = 'it is on the network of the host: that is `network_mode = "host"`'

const isolated = t.type({ linux: t.type({ namespaces: t.array(t.type({ type: t.string })) }) })

/** Whether the spec of a container gives it a network other than that of the host. */
const hasNetwork = ({ spec }: Container): boolean => {
  const decoded = containers.decodedSpec(isolated, spec)
  return E.isRight(decoded) && decoded.right.linux.namespaces.some(({ type }) => type === 'network')
}

/** The process of the one container that is meant and that runs. */
const processOf = async (containerd: Containerd, of: Neighbour, doing: string): Promise<number | undefined> => {
  for (const container of await meant(containerd, of)) {
    const task = must(await tasks.get(containerd, container.id)())
    if (task?.status !== Status.STATUS_RUNNING) continue
    if (!containers.isRunc(container))
      throw new Thrown(Failure('Invalid', doing, `its runtime ${container.runtime?.name ?? ''} has none on this host`))
    if (!hasNetwork(container)) throw new Thrown(Failure('Denied', doing, ON_HOST))
    return task.pid
  }
  return undefined
}

const meant = async (containerd: Containerd, of: Neighbour): Promise<ReadonlyArray<Container>> => {
  if (of._tag === 'Container') {
    const found = must(await containers.get(containerd, of.id)())
    return found === undefined ? [] : [found]
  }
  const all = must(await containers.withLabel(containerd, ALLOC_ID, of.allocId)())
  return all.filter(({ labels }) => identityOf(labels)?.task === of.task)
}
