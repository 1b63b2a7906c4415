import * as E from 'fp-ts/Either'

import { Failure } from '../../core/domain/Failure'
import { Reading } from '../../core/watch/Reading'
import { Container } from '../../generated/containerd/containers'
import { Cgroup, OpenCgroup } from '../host/cgroups'
import { Gauge } from '../ports/Reads'
import { Containerd } from './Containerd'
import * as containers from './containers'
import { oomKills, reading } from './metrics'

/**
 * What a task uses: from the kernel's files where its processes live in its cgroup, which asks nobody; of other
 * runtimes, and where there are no such files, as containerd tells.
 */
export const gauge = (containerd: Containerd, open: OpenCgroup, id: string): Gauge => {
  let source: Cgroup | 'Metrics' | undefined
  let isClosed = false
  const close = (): void => {
    isClosed = true
    if (source !== 'Metrics') source?.close()
  }
  const found = async (): Promise<E.Either<Failure, Cgroup | 'Metrics'>> => {
    const container = await containers.get(containerd, id)()
    if (E.isLeft(container)) return container
    source = cgroupOf(open, container.right) ?? 'Metrics'
    if (isClosed) close()
    return E.right(source)
  }
  const read = async (atMs: number): Promise<E.Either<Failure, Reading | undefined>> => {
    const from = source === undefined ? await found() : E.right(source)
    if (E.isLeft(from) || isClosed) return E.map(() => undefined)(from)
    const seen = from.right === 'Metrics' ? undefined : from.right.read(atMs)
    if (seen !== undefined) return E.right(seen)
    source = 'Metrics'
    return reading(containerd, id, atMs)()
  }
  return { read, close }
}

/**
 * How many processes of a task the kernel killed for want of memory, from the kernel's own count while its cgroup is
 * there, else as containerd tells; 0 when nobody can tell any more.
 */
export const killsOf = async (containerd: Containerd, open: OpenCgroup, id: string): Promise<number> => {
  const container = await containers.get(containerd, id)()
  const cgroup = E.isRight(container) ? cgroupOf(open, container.right) : undefined
  const kills = cgroup?.oomKills()
  cgroup?.close()
  return kills ?? oomKills(containerd, id)
}

/** The cgroup of a container whose processes live in it; undefined when they do not, or it is not there. */
export const cgroupOf = (open: OpenCgroup, container: Container | undefined): Cgroup | undefined => {
  const path = container === undefined ? undefined : containers.cgroupsPathOf(container)
  return path === undefined ? undefined : open(path)
}
