import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { Compiled } from '../core/compile/Compiled'
import { ALL, ALL_CAPABILITIES } from '../core/domain/capabilities'
import { DeviceFacts, Facts, HostFacts } from '../core/facts/Facts'
import { sampleFacts } from '../core/facts/sampleFacts'
import { ImageConfig } from '../core/image/ImageConfig'
import { issues as spoken } from '../core/report/explain'
import { imageName, questionsOf } from '../core/resolve/questionsOf'
import { decode, Documents, Request } from '../core/resolve/Request'
import { translate } from '../core/translate'
import { GROUP, imageConfig, PASSWD } from './imageConfig'
import { documents } from './request'
import { BLOCK_DEVICE } from './task'

export const host: fc.Arbitrary<HostFacts> = fc.record({
  architecture: fc.constantFrom('amd64', 'arm64'),
  kernel: fc.constantFrom('6.1.0', '4.19.0'),
  cgroups: fc.constantFrom('v1', 'v2'),
  swapAccounting: fc.boolean(),
  cpuMhz: fc.integer({ min: 1, max: 1_000_000 }),
  cpuCores: fc.integer({ min: 1, max: 256 }),
  resolvConf: fc.constantFrom('/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'),
  resolvConfText: fc.constantFrom('', 'nameserver 127.0.0.1\nsearch example.com\n'),
  hostname: fc.constantFrom('', 'host-1'),
  hostsText: fc.constantFrom('', '127.0.0.1 localhost\n10.0.0.9 host-1 # own\n'),
  addresses: fc.constantFrom(['10.0.0.9'], ['10.0.0.9', 'fd00::9']),
  capabilities: fc.subarray(ALL_CAPABILITIES),
  openFilesLimit: fc.integer({ min: 1, max: 2 ** 20 }),
  hardLimits: fc.constantFrom<HostFacts['hardLimits']>(
    {},
    { RLIMIT_NPROC: 10, RLIMIT_CORE: 100, RLIMIT_MEMLOCK: 8192 }
  ),
  apparmor: fc.constant(true),
  selinux: fc.constant(true)
})

/** A host on which the task can have what it asks for by name. */
const suited = ({ task }: Request, machine: HostFacts): HostFacts => {
  const asked = [...task.cap_add, ...task.cap_ambient]
    .flatMap(({ value }) => (value === ALL ? [] : [value]))
  return {
    ...machine,
    capabilities: ALL_CAPABILITIES.filter((name) => machine.capabilities.includes(name) || asked.includes(name)),
    swapAccounting: machine.swapAccounting || task.memory_swap !== undefined,
    cgroups: cgroupsFor(task, machine)
  }
}

const cgroupsFor = ({ cgroup_conf, memory_swappiness }: Request['task'], machine: HostFacts): HostFacts['cgroups'] => {
  if (Object.keys(cgroup_conf).length > 0) return 'v2'
  return memory_swappiness === undefined ? machine.cgroups : 'v1'
}

const node = (type: 'c' | 'b', major: number, minor: number): DeviceFacts => ({
  type,
  major,
  minor,
  fileMode: 0o666,
  uid: 0,
  gid: 0
})

const DEVICES = {
  '/dev/fuse': node('c', 10, 229),
  '/dev/snd/seq': node('c', 116, 1),
  '/dev/snd/timer': node('c', 116, 33),
  [BLOCK_DEVICE]: node('b', 8, 0),
  '/dev/net0': node('c', 10, 200)
}

const CDI = {
  cdiVersion: '0.7.0',
  kind: 'vendor.com/net',
  containerEdits: { env: ['VENDOR=1'] },
  devices: [
    { name: 'a', containerEdits: { deviceNodes: [{ path: '/dev/net0' }], additionalGids: [44] } },
    {
      name: 'b',
      containerEdits: {
        mounts: [{ hostPath: '/opt/cdi', containerPath: '/cdi', options: ['ro', 'rbind'] }],
        hooks: [{ hookName: 'createContainer', path: '/bin/true' }]
      }
    }
  ]
}

const PROFILE = JSON.stringify({
  defaultAction: 'SCMP_ACT_ERRNO',
  syscalls: [{ names: ['read', 'write'], action: 'SCMP_ACT_ALLOW' }]
})

const digest = fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 64, maxLength: 64 })
  .map((digits) => `sha256:${digits.map((digit) => digit.toString(16)).join('')}`)

/** What a host and an image may be, without the paths that a request names. */
interface Answers {
  readonly host: HostFacts
  readonly config: ImageConfig
  readonly digest: string
  readonly chainId: string
}

const answers: fc.Arbitrary<Answers> = fc.record({ host, config: imageConfig, digest, chainId: digest })

/** Answers to everything that a request asks: every path is there and leads to itself. */
const factsFor = (request: Request, { host: machine, config, ...ids }: Answers): Facts => ({
  ...sampleFacts(
    questionsOf(request),
    { host: suited(request, machine), images: {}, paths: {}, devices: {}, files: {} },
    config
  ),
  images: { [imageName(request)]: { ...ids, config, passwd: PASSWD, group: GROUP } },
  devices: DEVICES,
  files: { '/opt/seccomp/p.json': { kind: 'file', realPath: '/opt/seccomp/p.json', text: PROFILE } },
  cdi: [{ path: '/etc/cdi/vendor.json', document: CDI }]
})

/** A request with all it needs to compile. */
export interface Case {
  readonly documents: Documents
  readonly request: Request
  readonly facts: Facts
}

/** Cases that compile. */
export const cases: fc.Arbitrary<Case> = fc.tuple(documents, answers).map(([given, said]) => {
  const request = requestOf(given)
  return { documents: given, request, facts: factsFor(request, said) }
})

/** The request of documents that must decode. */
export const requestOf = (given: Documents): Request => rightOf(decode(given), spoken)

/** What a case compiles to; a case that does not is a mistake of the test and says why. */
export const compiledOf = ({ request, facts }: Pick<Case, 'request' | 'facts'>): Compiled =>
  rightOf(translate(request, facts), spoken)

/** The right side of what must have one. */
export const rightOf = <E, A>(
  outcome: E.Either<E, A>,
  show: (error: E) => string = (error) => JSON.stringify(error)
): A => {
  if (E.isLeft(outcome)) throw new Error(show(outcome.left))
  return outcome.right
}

/** What compiles, through `compile` itself. */
export const compiled: fc.Arbitrary<Compiled> = cases.map(compiledOf)
