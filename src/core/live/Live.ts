import { Container } from '../compile/Compiled'
import { ALLOC_ID, EXIT, KEPT, NAMESPACE, NETWORK, OWNER, reservedFor } from '../domain/labels'
import { Spec } from '../domain/Oci'

/**
 * A container as containerd has it, in the words of Compiled. `chainId` is what its root file system was prepared on;
 * `digest` is there when the image's name still stands for that. `io` is there while the container has a task.
 * containerd keeps neither the stop signal nor what was made on the host, but for the texts in `files`, by path.
 */
export interface Live {
  readonly spec: Spec
  readonly container: Omit<Container, 'image'> & {
    readonly image: { readonly name: string; readonly digest?: string; readonly chainId?: string }
  }
  /** What containerd and the driver wrote on the container after it was made: no part of any job. */
  readonly runtimeLabels: Readonly<Record<string, string>>
  readonly io?: { readonly stdout: string; readonly stderr: string; readonly terminal: boolean }
  readonly files: Readonly<Record<string, string>>
  /** What the sources of pinned mounts are bound from, by source. */
  readonly pins: Readonly<Record<string, string>>
}

type Labels = Readonly<Record<string, string>>

/**
 * The labels that were made with the container, and those that say more: the exit, the network, and all in the name
 * spaces of containerd.
 */
export const labelsOf = (all: Labels): { readonly own: Labels; readonly runtime: Labels } => ({
  own: Object.fromEntries(Object.entries(all).filter(([name]) => !isRuntime(name))),
  runtime: Object.fromEntries(Object.entries(all).filter(([name]) => isRuntime(name)))
})

const isRuntime = (name: string): boolean =>
  name === EXIT
  || name === KEPT
  || name === NETWORK
  || name === NAMESPACE
  || name.startsWith(`${NETWORK}.`)
  || ['containerd.io', 'io.containerd'].includes(reservedFor(name) ?? '')

/** The files that the driver made for a container lie in a directory of its name. */
export const filesOf = (id: string, spec: Spec): ReadonlyArray<string> =>
  spec.mounts
    .filter(({ source }) => source.endsWith(`/${id}/hosts`) || source.endsWith(`/${id}/resolv.conf`))
    .map(({ source }) => source)

/** The places in which the driver pinned what the container shows, as its mounts name them. */
export const pinsOf = (id: string, spec: Spec): ReadonlyArray<string> =>
  spec.mounts.filter(({ source }) => source.includes(`/${id}/mounts/`)).map(({ source }) => source)

/** Which run of which task a container is, as its labels say it: Nomad's task id is `allocation/task/invocation`. */
export interface Identity {
  readonly owner: string
  readonly allocId: string
  readonly task: string
}

/** Undefined for a container that this driver did not make. */
export const identityOf = (labels: Labels): Identity | undefined => {
  const owner = labels[OWNER]
  const [id = '', task = ''] = owner?.split('/') ?? []
  return owner === undefined ? undefined : { owner, allocId: labels[ALLOC_ID] ?? id, task }
}
