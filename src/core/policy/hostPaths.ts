import { Allocation } from '../decode/Allocation'
import { DocumentPath } from '../domain/DocumentPath'
import { Issue, RefusedBy } from '../domain/Issue'
import { clean, isAbsolute, isWithin } from '../domain/path'
import { isInside } from '../wanted/allocationPaths'
import { allocationRefusal, isNamedByOperator } from './allocation'
import { Policy } from './Policy'

/**
 * Where the host and containerd live: whoever holds one of these from inside holds the host (CIS Docker Benchmark 5.6,
 * 5.32).
 */
const SENSITIVE: ReadonlyArray<string> = [
  '/proc',
  '/sys',
  '/dev',
  '/run/containerd',
  '/var/run/containerd',
  '/var/lib/containerd',
  '/run/docker.sock',
  '/var/run/docker.sock',
  '/var/lib/containerd-driver',
  '/run/cdi',
  '/var/run/cdi',
  '/var/lib/docker',
  '/run/podman',
  '/run/crio',
  '/run/k3s',
  '/var/lib/kubelet'
]

interface Refusal {
  readonly reason: string
  readonly hint: string
  readonly option?: string
}

/**
 * Why a host path may not be bound, if it may not. In the task's own allocation its own directories are the task's, and
 * what it shares with the others. The paths of the host itself, of containerd and of Nomad are refused, and what holds
 * them, unless `allowed_paths` names them.
 */
export const hostPathRefusal = (
  path: string,
  written: string,
  at: DocumentPath,
  policy: Policy,
  allocation: Allocation | undefined
): ReadonlyArray<Issue> => {
  const refused =
    allocation !== undefined && isInside(allocation, path)
      ? inAllocation(path, written, policy, allocation)
      : onHost(path, written, policy, allocation)
  if (refused === undefined) return []
  const { reason, hint, option = 'volumes.allowed_paths' } = refused
  return [RefusedBy(option, at, written, reason, hint)]
}

const inAllocation = (path: string, written: string, policy: Policy, allocation: Allocation): Refusal | undefined => {
  const reason = isNamedByOperator(policy, path, written) ? undefined : allocationRefusal(allocation, path)
  return reason === undefined ? undefined : { reason, hint: OWN_PLACES }
}

const onHost = (
  path: string,
  written: string,
  { volumes, ours }: Policy,
  allocation: Allocation | undefined
): Refusal | undefined => {
  if (!isAbsolute(written)) return OUT_OF_ALLOCATION
  if (!volumes.enabled) return NO_VOLUMES
  const allowed = volumes.allowed_paths
  if (allowed.some((one) => isWithin(clean(one), path))) return undefined
  if (allowed.length > 0 || !volumes.open) {
    const hint = allowed.length > 0 ? `it lists ${allowed.join(', ')}` : 'the operator can list it'
    return { reason: 'the plugin option `volumes.allowed_paths` does not list it', hint }
  }
  const guarded = [...SENSITIVE, ...ours, ...nomadDirs(allocation)]
  const touched = guarded.find((one) => isWithin(clean(one), path) || isWithin(path, clean(one)))
  const sensitive = touched ?? allocationsIn(path, allocation)
  return sensitive === undefined ? undefined : { reason: hostsOwn(path, sensitive), hint: wayOut(path) }
}

const OUT_OF_ALLOCATION: Refusal = {
  reason: 'a relative source must stay inside the allocation',
  hint: 'use an absolute host path'
}

const NO_VOLUMES: Refusal = {
  reason: 'the plugin option `volumes.enabled` is false on this host',
  hint: 'use a path below the task directory, or a Nomad volume',
  option: 'volumes.enabled'
}

const CAN_LIST = 'the operator can list it in the plugin option `volumes.allowed_paths`'

/** A device is bound in vain: the cgroup of the task does not let it be used. */
const wayOut = (path: string): string =>
  /^\/dev\/(?!(?:shm|hugepages|mqueue|pts)(?:\/|$))./.test(path)
    ? `a device goes into \`devices = ["${path}"]\`; ${CAN_LIST}`
    : CAN_LIST

const hostsOwn = (path: string, sensitive: string): string => {
  if (path === sensitive) return 'belongs to the host'
  return `${isWithin(sensitive, path) ? 'lies in' : 'holds'} ${sensitive}, which belongs to the host`
}

const OWN_PLACES =
  'use a path below `local`, `secrets` or `../alloc/data`; the operator can list others in the plugin option `volumes.allowed_paths`'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * The directory of all allocations, when a path holds it or is another allocation's in it, wherever Nomad keeps them.
 */
const allocationsIn = (path: string, allocation: Allocation | undefined): string | undefined => {
  const own = allocation === undefined ? '/' : clean(allocation.allocDir)
  const all = own.slice(0, own.lastIndexOf('/'))
  const isOthers = all !== '' && path.startsWith(`${all}/`) && UUID.test(path.slice(all.length + 1).split('/')[0] ?? '')
  return all !== '' && (isWithin(path, all) || isOthers) ? all : undefined
}

/** Nomad's data directory, as far as an allocation directory tells it (`<data_dir>/alloc/<id>`). */
const nomadDirs = (allocation: Allocation | undefined): ReadonlyArray<string> => {
  const [, data] = /^(.+)\/alloc\/[^/]+$/.exec(allocation === undefined ? '' : clean(allocation.allocDir)) ?? []
  return data === undefined ? [] : [data]
}
