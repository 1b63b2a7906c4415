import { Namespace, Spec } from '../../../src/core/domain/Oci'
import { Law, outside, relative,twins, unless, words } from './law'

export const TYPES = words('pid ipc uts mount network cgroup user')

export const owned = ({ linux }: Spec, type: Namespace['type']): Namespace | undefined => linux.namespaces.find((each) => each.type === type)

export const has = (spec: Spec, type: Namespace['type']): boolean => owned(spec, type) !== undefined

export const isNew = (spec: Spec, type: Namespace['type']): boolean => has(spec, type) && owned(spec, type)?.path === undefined

export const namespacesAreKnown: Law = ({ linux: { namespaces } }) => [
  ...outside(TYPES, namespaces.map(({ type }) => type)),
  ...twins(namespaces.map(({ type }) => type)),
  ...relative(namespaces.flatMap((each) => each.path ?? []))
]

// __NEW_UTS_LEN of the kernel.
export const namesNeedUts: Law = (spec) =>
  [spec.hostname ?? '', spec.domainname ?? ''].filter((name) => Buffer.byteLength(name) > (has(spec, 'uts') ? 64 : 0))

export const restrictedPathsNeedMounts: Law = (spec) => {
  const paths = [...spec.linux.maskedPaths ?? [], ...spec.linux.readonlyPaths ?? []]
  return [...relative(paths), ...unless(paths.length === 0 || has(spec, 'mount'), 'paths without a mount namespace')]
}

export const IPC_SYSCTLS = words('kernel.msgmax kernel.msgmnb kernel.msgmni kernel.sem kernel.shmall kernel.shmmax kernel.shmmni kernel.shm_rmid_forced')

/** A key may have slashes for its dots and then dots for its slashes (sysctl.d(5)); its first separator decides. */
export const dotted = (key: string): string =>
  /^[^./]*\//.test(key) ? key.replace(/[./]/g, (each) => (each === '.' ? '/' : '.')) : key

// runc compares inodes. A law sees only the path: these name the namespace of the runtime or of init.
export const ownsNetwork = (spec: Spec): boolean => has(spec, 'network') && !/^\/proc\/(1|self|thread-self)\//.test(owned(spec, 'network')?.path ?? '')

export const ownsSysctl = (spec: Spec, key: string): boolean => {
  if (key.startsWith('net.')) return ownsNetwork(spec)
  if (IPC_SYSCTLS.includes(key) || key.startsWith('fs.mqueue.')) return has(spec, 'ipc')
  // kernel.hostname has a field of its own, and runc refuses it here.
  return key === 'kernel.domainname' && has(spec, 'uts')
}

export const sysctlsAreOwned: Law = (spec) => Object.keys(spec.linux.sysctl ?? {}).filter((key) => !ownsSysctl(spec, dotted(key)))
