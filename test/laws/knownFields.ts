import { isRecord } from '../../src/core/domain/isRecord'
import { Breaches } from './spec'

/** Names and what lies below them; lists are looked through. A value without names of its own has none below. */
interface Fields {
  readonly [name: string]: Fields
}

const names = (line: string): Fields => Object.fromEntries(line.split(' ').map((name) => [name, {}]))

const ANY = '*'
const anyName = (below: Fields = {}): Fields => ({ [ANY]: below })

// ---- the fields of a Linux container: runtime-spec v1.2.1, specs-go/config.go ----

const idMappings = { uidMappings: names('containerID hostID size'), gidMappings: names('containerID hostID size') }

const hook = names('path args env timeout')

const process: Fields = {
  ...names('terminal args env cwd noNewPrivileges apparmorProfile oomScoreAdj selinuxLabel'),
  consoleSize: names('height width'),
  user: names('uid gid umask additionalGids'),
  capabilities: names('bounding effective inheritable permitted ambient'),
  rlimits: names('type hard soft'),
  scheduler: names('policy nice priority flags runtime deadline period'),
  ioPriority: names('class priority'),
  execCPUAffinity: names('initial final')
}

const throttle = names('major minor rate')

const resources: Fields = {
  devices: names('allow type major minor access'),
  memory: names('limit reservation swap kernel kernelTCP swappiness disableOOMKiller useHierarchy checkBeforeUpdate'),
  cpu: names('shares quota burst period realtimeRuntime realtimePeriod cpus mems idle'),
  pids: names('limit'),
  blockIO: {
    ...names('weight leafWeight'),
    weightDevice: names('major minor weight leafWeight'),
    throttleReadBpsDevice: throttle,
    throttleWriteBpsDevice: throttle,
    throttleReadIOPSDevice: throttle,
    throttleWriteIOPSDevice: throttle
  },
  hugepageLimits: names('pageSize limit'),
  network: { classID: {}, priorities: names('name priority') },
  rdma: anyName(names('hcaHandles hcaObjects')),
  unified: anyName()
}

const seccomp: Fields = {
  ...names('defaultAction defaultErrnoRet architectures flags listenerPath listenerMetadata'),
  syscalls: { ...names('names action errnoRet'), args: names('index value valueTwo op') }
}

const linux: Fields = {
  ...names('cgroupsPath rootfsPropagation maskedPaths readonlyPaths mountLabel'),
  ...idMappings,
  sysctl: anyName(),
  resources,
  namespaces: names('type path'),
  devices: names('path type major minor fileMode uid gid'),
  seccomp,
  intelRdt: names('closID l3CacheSchema memBwSchema enableCMT enableMBM'),
  personality: names('domain flags'),
  timeOffsets: anyName(names('secs nanosecs'))
}

const spec: Fields = {
  ...names('ociVersion hostname domainname'),
  process,
  root: names('path readonly'),
  mounts: { ...names('destination type source options'), ...idMappings },
  hooks: { prestart: hook, createRuntime: hook, createContainer: hook, startContainer: hook, poststart: hook, poststop: hook },
  annotations: anyName(),
  linux
}

// ---- the law ----

const below = (fields: Fields, name: string): Fields | undefined => (Object.hasOwn(fields, name) ? fields[name] : fields[ANY])

const unknownIn = (value: unknown, fields: Fields, at: string): Breaches => {
  if (Array.isArray(value)) return value.flatMap((each, index) => unknownIn(each, fields, `${at}[${index}]`))
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([name, inner]) => {
    const known = below(fields, name)
    return known === undefined ? [`${at}.${name}`] : unknownIn(inner, known, `${at}.${name}`)
  })
}

/** Every field is one that the runtime spec has for Linux: runc drops any other without a word. */
export const fieldsAreKnown = (given: unknown): Breaches => unknownIn(given, spec, 'spec')
