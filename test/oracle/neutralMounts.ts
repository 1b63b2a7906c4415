import { createHash } from 'node:crypto'
import { posix } from 'node:path'

import { Mount } from '../../src/core/domain/Oci'
import { Document } from '../../src/testing/ofFields'
import { Given } from './given'
import { isOnHost } from './names'
import { blocks, flag, list, map, said, text } from './said'

/** What is mounted where, and how the root file system is. */
export interface Places {
  readonly readonlyRootfs: boolean
  readonly rootfsPropagation: string
  readonly shmSize: string
  readonly mounts: ReadonlyArray<Mount>
  readonly notMounted: ReadonlyArray<string>
  readonly resolvConf: string
}

export const placesOf = (given: Given): Places => {
  const { task, host } = given
  const mounts = mountsOf(given)
  return {
    readonlyRootfs: flag(task, 'readonly_rootfs') ?? false,
    rootfsPropagation: propagationOf(mounts),
    shmSize: text(task, 'shm_size') ?? '',
    mounts,
    notMounted: text(task, 'ipc_mode') === 'none' ? ['/dev/shm'] : [],
    resolvConf: isMade(given) || flag(task, 'host_dns') === false ? '' : host.resolvConf
  }
}

/** The mounts beyond containerd's own. A later one takes the place of an earlier one: the driver's files first, the job's last. */
const mountsOf = (given: Given): ReadonlyArray<Mount> => [
  ...ipc(given.task), ...driverFiles(given), ...init(given), ...nomads(given), ...wanted(given).flatMap((mount) => kept(given, mount))
]

const bind = (destination: string, source: string, ...options: ReadonlyArray<string>): Mount => ({ destination, type: 'bind', source, options })

const ipc = (task: Document): ReadonlyArray<Mount> => (text(task, 'ipc_mode') === 'host' ? [bind('/dev/shm', '/dev/shm', 'rbind', 'rprivate')] : [])

const init = ({ task, plugin }: Given): ReadonlyArray<Mount> =>
  flag(task, 'init') === true ? [bind('/sbin/tini', text(plugin, 'init_path') ?? '/usr/bin/tini-static', 'bind', 'ro')] : []

/** Whether the name servers are not simply the host's: others were named, the network may name some, or the host's are on its loopback alone. */
const isMade = (given: Given): boolean => {
  const { task, plugin, allocation, host } = given
  if (['dns_servers', 'dns_search_domains', 'dns_options'].some((name) => (list(task, name) ?? []).length > 0) || said(allocation, 'dns') !== undefined) return true
  const out = !isOnHost(given) && /^nameserver\s+(?:127\.|::1$)/m.test(host.resolvConfText)
  const mayTellSome = text(task, 'network_mode')?.startsWith('cni/') ?? false
  return flag(task, 'host_dns') !== false && (mayTellSome || (list(plugin, 'dns_servers') ?? []).length > 0 || out)
}

/** The files that the driver writes for a container: their texts are no part of a spec. */
const driverFiles = (given: Given): ReadonlyArray<Mount> => {
  const { id, plugin } = given
  const made = (name: string): Mount => bind(`/etc/${name}`, `${text(plugin, 'state_dir') ?? '/run/containerd-driver'}/${id}/${name}`, 'rbind', 'ro', 'nosuid', 'nodev', 'noexec')
  return [
    ...(isMade(given) ? [made('resolv.conf')] : []),
    made('hosts')
  ]
}

const PROPAGATION: Readonly<Record<string, string>> = { 'host-to-task': 'rslave', bidirectional: 'rshared' }

/** What Nomad says is to be mounted: the directories of the allocation, and its volumes. */
const nomads = ({ allocation }: Given): ReadonlyArray<Mount> => {
  const env = map(allocation, 'env')
  const allocDir = text(allocation, 'allocDir') ?? ''
  return [
    bind(env['NOMAD_ALLOC_DIR'] ?? '', `${allocDir}/alloc`, 'rbind', 'rw'),
    bind(`${env['NOMAD_ALLOC_DIR'] ?? ''}/logs`, `${allocDir}/alloc/logs`, 'rbind', 'ro'),
    bind(env['NOMAD_TASK_DIR'] ?? '', `${taskDir(allocation)}/local`, 'rbind', 'rw'),
    bind(env['NOMAD_SECRETS_DIR'] ?? '', `${taskDir(allocation)}/secrets`, 'rbind', 'rw'),
    ...blocks(allocation, 'mounts').map((mount) => bind(
      text(mount, 'taskPath') ?? '', text(mount, 'hostPath') ?? '', 'rbind', PROPAGATION[text(mount, 'propagationMode') ?? ''] ?? 'rprivate', flag(mount, 'readonly') === true ? 'ro' : 'rw'))
  ]
}

/** What becomes of a bind of the allocation's (docs/security.md): the logs are read-only, and what a task could swap is pinned. */
const kept = ({ id, plugin, allocation }: Given, mount: Mount): ReadonlyArray<Mount> => {
  const { type, source, destination, options } = mount
  const [shared, own, place] = [`${text(allocation, 'allocDir') ?? ''}/alloc`, taskDir(allocation), posix.resolve(destination)]
  if (type !== 'bind') return [mount]
  if (source === `${shared}/logs`) return [{ ...mount, options: [...options.filter((option) => option !== 'rw'), 'ro'] }]
  if (source === shared) return [mount, bind(`${place}/logs`, `${shared}/logs`, 'rbind', 'ro')]
  const isSwappable = source.startsWith(`${shared}/`) || (source.startsWith(`${own}/`) && source.slice(own.length + 1).includes('/'))
  const name = createHash('sha256').update(place).digest('hex').slice(0, 12)
  return [isSwappable ? { ...mount, source: `${text(plugin, 'state_dir') ?? '/run/containerd-driver'}/${id}/mounts/${name}` } : mount]
}

const taskDir = (allocation: Document): string => `${text(allocation, 'allocDir') ?? ''}/${text(allocation, 'name') ?? ''}`

/** The job's mounts, in its three ways to write them. */
const wanted = (given: Given): ReadonlyArray<Mount> => [
  ...blocks(given.task, 'mounts').map((block) => fromBlock(given, block)),
  ...(list(given.task, 'volumes') ?? []).map((short) => {
    const [source = '', target = '', options = ''] = short.split(':')
    return bound(target, resolved(given, source), wordsIn(options).filter((option) => option !== 'z'))
  }),
  ...(list(given.task, 'tmpfs') ?? []).map((short) => {
    const [target = '', options = ''] = short.split(':')
    const words = wordsIn(options)
    const own = ['noexec', 'nosuid', 'nodev'].filter((word) => !words.includes(word) && !words.includes(word.replace('no', '')))
    return { destination: target, type: 'tmpfs', source: 'tmpfs', options: [...own, ...words] }
  })
]

const wordsIn = (options: string): ReadonlyArray<string> => options.split(',').filter((option) => option !== '')

const fromBlock = (given: Given, block: Document): Mount => {
  const target = text(block, 'target') ?? ''
  const source = text(block, 'source') ?? ''
  const options = optionsOf(block)
  if (text(block, 'type') === 'tmpfs') return { destination: target, type: 'tmpfs', source: 'tmpfs', options }
  const isNamed = (text(block, 'type') ?? 'volume') === 'volume' && !source.startsWith('/')
  return bound(target, isNamed ? `${text(given.plugin, 'volumes', 'dir') ?? '/var/lib/containerd-driver/volumes'}/${source}` : resolved(given, source), options)
}

const optionsOf = (block: Document): ReadonlyArray<string> => {
  const words = (list(block, 'options') ?? []).filter((option) => option !== 'defaults')
  const [propagation, size, mode] = [text(block, 'bind_options', 'propagation'), text(block, 'tmpfs_options', 'size'), said(block, 'tmpfs_options', 'mode')]
  return [
    ...words,
    ...(flag(block, 'readonly') === true && !words.includes('ro') ? ['ro'] : []),
    ...(propagation === undefined ? [] : [propagation]),
    ...(size === undefined ? [] : [`size=${String(parseInt(size, 10) * 1024 ** '?km'.indexOf(size.at(-1) ?? ''))}`]),
    ...(mode === undefined ? [] : [`mode=${Number(mode).toString(8)}`])
  ]
}

/** A relative source starts at the task's directory. */
const resolved = ({ allocation }: Given, source: string): string => posix.resolve(taskDir(allocation), source)

/** A bind without words for it gets `rbind` and `rw`, as the documentation of `mounts` says. */
const bound = (destination: string, source: string, options: ReadonlyArray<string>): Mount => bind(
  destination, source,
  ...(options.includes('bind') || options.includes('rbind') ? [] : ['rbind']),
  ...options,
  ...(options.some((option) => ['ro', 'rro', 'rw'].includes(option)) ? [] : ['rw'])
)

/** What the user of a client has to say of the root file system so that a mount propagates (runtime-spec config-linux.md, rootfsPropagation). */
const propagationOf = (mounts: ReadonlyArray<Mount>): string => {
  const options = mounts.flatMap((mount) => mount.options)
  return ['shared', 'slave'].map((kind) => (options.includes(kind) || options.includes(`r${kind}`) ? `r${kind}` : '')).find((kind) => kind !== '') ?? ''
}
