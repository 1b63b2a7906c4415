import { DocumentPath, inAllocation, inJobFile, inTask } from '../domain/DocumentPath'
import { Notice } from '../domain/Notice'
import { isAbsolute } from '../domain/path'
import { looksSecret } from '../domain/secretName'
import { holdsLogs, isInLogs } from '../wanted/allocationPaths'
import { bindPath } from '../wanted/bindPath'
import { localImage } from '../wanted/localImage'
import { groupNamespace, ownNetwork } from '../wanted/ownNetwork'
import { sharedNetwork } from '../wanted/sharedNetwork'
import { wantedMounts } from '../wanted/wantedMounts'
import { askedDns } from './files'
import { Request } from './Request'
import { usernsNotices } from './usernsNotices'

/** What is legal in a request and worth a word. It never changes the outcome. */
export const noticesOf = (request: Request): ReadonlyArray<Notice> => [
  ...image(request),
  ...hostNamespaces(request),
  ...usernsNotices(request),
  ...privileged(request),
  ...hostBinds(request),
  ...tmpfsSources(request),
  ...readonlyLogs(request),
  ...portsWithoutNetwork(request),
  ...tooManyNames(request),
  ...secretLooking(request),
  ...relabelling(request),
  ...emptyLabels(request)
]

const emptyLabels = ({ task }: Request): ReadonlyArray<Notice> =>
  Object.keys(task.labels)
    .filter((name) => task.labels[name] === '')
    .map((name) => Notice(inTask('labels', name), 'is empty: containerd stores no such label'))

const image = ({ task, allocation }: Request): ReadonlyArray<Notice> => {
  const { written, value } = task.image
  const local = localImage(task, allocation)
  if (local !== undefined) {
    const at = inTask(task.load === undefined ? 'image' : 'load')
    return [Notice(at, `is read at the start, from ${local.path}: ${ONLY_THERE}`)]
  }
  if (value.digest !== undefined) return []
  return value.tag === 'latest'
    ? [Notice(inTask('image'), `${written} is whatever the registry calls latest on the day of the pull`)]
    : [Notice(inTask('image'), `${written} has no digest: its tag may be another image tomorrow`)]
}

const privileged = ({ task }: Request): ReadonlyArray<Notice> =>
  task.privileged
    ? [Notice(inTask('privileged'), 'the task has every right of the host; its devices are known only there')]
    : []

const ONLY_THERE = 'what is in it, only the client knows'

const hostNamespaces = ({ task }: Request): ReadonlyArray<Notice> => {
  const shared: ReadonlyArray<readonly [string, boolean, string]> = [
    [task.host_network ? 'host_network' : 'network_mode', task.host_network || task.network_mode === 'host', 'network'],
    ['pid_mode', task.pid_mode === 'host', 'process ids'],
    ['ipc_mode', task.ipc_mode === 'host', 'IPC'],
    ['uts_mode', task.uts_mode === 'host', 'name'],
    ['cgroupns', task.cgroupns === 'host', 'view of cgroups']
  ]
  return shared.flatMap(([option, isHost, what]) =>
    isHost ? [Notice(inTask(option), `the task shares the host's ${what}`)] : []
  )
}

const hostBinds = ({ task }: Request): ReadonlyArray<Notice> =>
  wantedMounts(task).flatMap(({ type, source, at, options }) =>
    type !== 'tmpfs' && isAbsolute(source)
      ? [
          Notice(
            at.whole,
            `binds ${source} of the host${options.some((option) => option === 'ro' || option === 'rro') ? ', read-only' : ''}`
          )
        ]
      : []
  )

// fstab and other drivers have a word there, any one.
const tmpfsSources = ({ task }: Request): ReadonlyArray<Notice> =>
  wantedMounts(task).flatMap(({ type, source, at }) =>
    type === 'tmpfs' && source !== '' && source !== 'tmpfs'
      ? [Notice(at.source, `a tmpfs has no source: ${JSON.stringify(source)} is not used`)]
      : []
  )

const readonlyLogs = ({ task, allocation }: Request): ReadonlyArray<Notice> =>
  wantedMounts(task).flatMap((mount) => {
    const path = bindPath(allocation, mount)
    return path !== undefined && (isInLogs(allocation, path) || holdsLogs(allocation, path))
      ? [Notice(mount.at.whole, 'the logs of the allocation are read-only in it: Nomad opens files there as root')]
      : []
  })

/** Ports that nobody can reach. */
export const portsWithoutNetwork = ({ task, allocation }: Request): ReadonlyArray<Notice> => {
  const isHost = task.host_network || task.network_mode === 'host'
  const own = ownNetwork(task, allocation)
  const ports = allocation.resources.ports
  const isShared = sharedNetwork(task, allocation) !== undefined
  if (ports.length === 0 || groupNamespace(allocation) !== '' || isHost || isShared) return []
  if (own === undefined) return [Notice(inJobFile('network'), NOBODY)]
  return task.ports.length > 0 ? [] : [Notice(inJobFile('network'), UNPUBLISHED)]
}

const NOBODY =
  'ports are allocated on the host, and the task has a network of its own with only a loopback: nobody reaches them. Publish them with `ports = ["label"]`, set `host_network = true`, or `mode = "bridge"` in the `network` of the group'

const UNPUBLISHED =
  'ports are allocated on the host, and none of them leads into the network of the task: publish them with `ports = ["label"]`'

// MAXNS and MAXDNSRCH of the resolver (resolv.conf(5)); glibc has no end of domains from 2.26.
const MOST_SERVERS = 3
const MOST_DOMAINS = 6
const OLD = 'of musl, and of glibc before 2.26, search the first six only'

const tooManyNames = (request: Request): ReadonlyArray<Notice> => {
  const { servers, searches } = askedDns(request)
  const at = (option: 'dns_servers' | 'dns_search_domains'): DocumentPath =>
    request.task[option].length > 0 ? inTask(option) : inAllocation('dns')
  return [
    ...(servers.length > MOST_SERVERS
      ? [Notice(at('dns_servers'), `has ${String(servers.length)} name servers: resolvers ask the first three only`)]
      : []),
    ...(searches.length > MOST_DOMAINS
      ? [Notice(at('dns_search_domains'), `has ${String(searches.length)} domains: resolvers ${OLD}`)]
      : [])
  ]
}

// Nomad's own tokens are meant to be there.
const secretLooking = ({ allocation }: Request): ReadonlyArray<Notice> =>
  Object.entries(allocation.env)
    .filter(([name, value]) => looksSecret(name, value.reveal()) && !/^(?:NOMAD|VAULT|CONSUL)_/.test(name))
    .map(([name]) => name)
    .sort()
    .map((name) =>
      Notice(
        inAllocation('env', name),
        'looks like a secret: who may look at the container in containerd can read it; a file in the secrets directory is safer'
      )
    )

const relabelling = ({ task, allocation }: Request): ReadonlyArray<Notice> => [
  ...allocation.mounts
    .filter(({ selinuxLabel }) => selinuxLabel !== '')
    .map(({ taskPath }) =>
      Notice(inAllocation('mounts'), `the SELinux label of the mount at ${taskPath} is not applied by this version`)
    ),
  ...task.volumes.flatMap(({ place, value }) =>
    value.options.some((option) => option === 'z' || option === 'Z')
      ? [Notice(inTask('volumes', place), 'the SELinux label (`z`, `Z`) is not applied by this version')]
      : []
  )
]
