import { Change, Verdict, worst } from '../../../src/core/diff/Change'
import { Json } from '../../../src/core/domain/Json'
import { changesOf } from '../../../src/core/judge/changesOf'
import { withAt } from '../../laws/weakenings'

/** A spec as the compiler writes it, small. */
export const SPEC: Json = {
  ociVersion: '1.1.0',
  process: {
    args: ['sh'], cwd: '/', env: ['PATH=/bin'], noNewPrivileges: true, apparmorProfile: 'containerd-default', selinuxLabel: 'system_u:system_r:container_t:s0:c1,c2', oomScoreAdj: 500,
    user: { uid: 1000, gid: 1000, additionalGids: [5], umask: 0o027 }, rlimits: [{ type: 'RLIMIT_NOFILE', soft: 10, hard: 10 }],
    capabilities: { bounding: ['CAP_CHOWN'], effective: ['CAP_CHOWN'], permitted: ['CAP_CHOWN'] }
  },
  root: { path: 'rootfs', readonly: true },
  mounts: [
    { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
    { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=65536k'] },
    { destination: '/data', type: 'bind', source: '/srv/data', options: ['bind', 'rw', 'nosuid'] },
    { destination: '/data/conf', type: 'bind', source: '/srv/conf', options: ['bind', 'ro', 'rprivate'] },
    { destination: '/proc/secret', type: 'tmpfs', source: 'tmpfs', options: ['ro'] },
    { destination: '/all', type: 'bind', source: '/srv/all', options: ['rbind', 'rro'] }
  ],
  linux: {
    cgroupsPath: '/nomad/web-1', rootfsPropagation: 'rprivate', maskedPaths: ['/proc/kcore'], readonlyPaths: ['/proc/sys'],
    namespaces: [{ type: 'pid' }, { type: 'network', path: '/run/netns/a' }, { type: 'mount' }, { type: 'user' }],
    uidMappings: [{ containerID: 0, hostID: 100_000, size: 10 }], gidMappings: [{ containerID: 0, hostID: 100_000, size: 10 }],
    devices: [{ path: '/dev/fuse', type: 'c', major: 10, minor: 229, fileMode: 0o600, uid: 0, gid: 0 }],
    resources: {
      cpu: { shares: 100, quota: 1000, period: 100, cpus: '0,2-3', mems: '0' }, memory: { limit: 1000, swap: 1000, disableOOMKiller: false }, pids: { limit: 10 },
      devices: [{ allow: false, access: 'rwm' }, { allow: true, type: 'c', major: 1, minor: 3, access: 'r' }]
    },
    seccomp: {
      defaultAction: 'SCMP_ACT_ERRNO', architectures: ['SCMP_ARCH_X86_64'],
      syscalls: [{ names: ['read', 'clone'], action: 'SCMP_ACT_ALLOW' }, { names: ['clone'], action: 'SCMP_ACT_ERRNO', args: [{ index: 0, value: 1, op: 'SCMP_CMP_EQ' }] }]
    }
  }
}

/** All that is true of its container. */
export const FULL: Json = {
  version: 1, spec: SPEC, container: {
    id: 'a', owner: 'o', labels: { mine: 'x' }, runtime: { name: 'io.containerd.runc.v2', options: { _tag: 'Runc', ioUid: 0, ioGid: 0 } }, snapshotter: 'overlayfs',
    image: { name: 'docker.io/library/redis:7', digest: 'sha256:a', chainId: 'sha256:b' }
  },
  io: { stdout: '/out', stderr: '/err', terminal: false }, stop: { signal: 15 }, mounts: [], network: { _tag: 'Join', netns: '/run/netns/a' },
  seccomp: { _tag: 'Default', profile: 'p' }, fetch: { name: 'docker.io/library/redis:7', policy: 'missing', auth: { source: 'none' } }
}

type Step = string | number

/** The document with another value at a path, whose numbers are indexes of lists. */
const edit = (document: Json, [step, ...rest]: ReadonlyArray<Step>, value: Json | undefined): Json => {
  if (step === undefined) return value ?? null
  if (typeof step === 'string') {
    const old = (document as Readonly<Record<string, Json>>)[step]
    return withAt(document, [step], () => (rest.length === 0 ? value : edit(old ?? {}, rest, value)))
  }
  const list = document as ReadonlyArray<Json>
  if (rest.length > 0) return list.with(step, edit(list[step]!, rest, value))
  return value === undefined ? list.toSpliced(step, 1) : list.toSpliced(step, step < list.length ? 1 : 0, value)
}

const pathOf = (path: string): ReadonlyArray<Step> => path.split('/').map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/')))

/** What differs when a document has another value at a path; undefined takes it away. */
export const changes = (document: Json, path: string, value: Json | undefined): ReadonlyArray<Change> => changesOf(document, edit(document, pathOf(path), value))

export const verdictOf = (found: ReadonlyArray<Change>): Verdict => worst(found.map(({ verdict }) => verdict))
