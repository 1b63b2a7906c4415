import { IdMapping, Namespace, Spec } from '../../../src/core/domain/Oci'
import { Breaches, given, holds, same } from './Breach'
import { Outside, Report } from './Report'

const LINKS: Readonly<Record<Namespace['type'], string>> = {
  pid: 'pid', ipc: 'ipc', uts: 'uts', mount: 'mnt', network: 'net', cgroup: 'cgroup', user: 'user'
}

/** Which namespaces are the container's own, which it joined, which are the host's; and what holds inside them. */
export const namespaces = ({ linux }: Spec, report: Report, outside: Outside): Breaches => [
  ...Object.entries(LINKS).flatMap(([type, link]) => {
    const promised = linux.namespaces.find((one) => one.type === type)
    return namespace(`linux.namespaces ${type}`, promised, report.namespaces[link], outside.own[link], outside.joined)
  }),
  ...(linux.namespaces.some(({ type, path }) => type === 'pid' && path === undefined) ? same('pid', 1, report.pid) : []),
  ...given(linux.uidMappings, (maps) => same('linux.uidMappings', maps.map(rowOf), report.uidMap)),
  ...given(linux.gidMappings, (maps) => same('linux.gidMappings', maps.map(rowOf), report.gidMap)),
  ...Object.entries(linux.sysctl ?? {}).flatMap(([key, value]) => same(`linux.sysctl ${key}`, plain(value), plain(report.sysctl[key] ?? 'no such key')))
]

const namespace = (
  at: string, promised: Namespace | undefined, seen: string | undefined, own: string | undefined, joined: Outside['joined']
): Breaches => {
  if (promised === undefined) return same(at, own, seen)
  if (promised.path !== undefined) return same(at, joined[promised.path], seen)
  return holds(at, 'its own', seen !== undefined && seen !== own, 'the host\'s')
}

const rowOf = ({ containerID, hostID, size }: IdMapping): ReadonlyArray<number> => [containerID, hostID, size]

const plain = (value: string): string => value.trim().split(/\s+/).join(' ')
