import { isDeepStrictEqual } from 'node:util'

import { Capabilities, Process, Spec } from '../../../src/core/domain/Oci'
import { BlockIO } from '../../../src/core/domain/Resources'
import { membersOf } from '../../laws/kernel/cgroup'
import { Host } from './host'
import { Without } from './reasons'

/** A spec less what this host cannot give, and what that was. */
export interface Possible {
  readonly spec: Spec
  readonly without: ReadonlyArray<Without>
}

type Step = readonly [Without, (spec: Spec, host: Host) => Spec]

/** Takes away what is missing here, one kind after another. */
export const withoutWhatIsMissing = (spec: Spec, host: Host): Possible =>
  STEPS.reduce<Possible>((before, [reason, step]) => {
    const after = step(before.spec, host)
    return { spec: after, without: isDeepStrictEqual(after, before.spec) ? before.without : [...before.without, reason] }
  }, { spec, without: [] })

const withProcess = (spec: Spec, process: Partial<Process>): Spec => ({ ...spec, process: { ...spec.process, ...process } })

const capability = (spec: Spec, { capabilities: have }: Host): Spec =>
  withProcess(spec, {
    capabilities: Object.fromEntries(
      Object.entries(spec.process.capabilities).map(([set, names]) => [set, (names as Capabilities['bounding']).filter((name) => have.includes(name))])
    ) as unknown as Capabilities
  })

const rlimit = (spec: Spec, { highest }: Host): Spec =>
  withProcess(spec, {
    rlimits: spec.process.rlimits.map((one) => ({ ...one, soft: lowered(one.soft, highest(one.type)), hard: lowered(one.hard, highest(one.type)) }))
  })

const lowered = (limit: number | bigint, top: number): number | bigint => (Number(limit) > top ? top : limit)

const oomScore = (spec: Spec, { lowestOomScore }: Host): Spec =>
  spec.process.oomScoreAdj === undefined ? spec : withProcess(spec, { oomScoreAdj: Math.max(spec.process.oomScoreAdj, lowestOomScore) })

const cpu = (spec: Spec, { cpus, memoryNodes }: Host): Spec => {
  const { resources } = spec.linux
  const here = (part: 'cpus' | 'mems', have: ReadonlyArray<number>): { readonly [name in 'cpus' | 'mems']?: string } => {
    const asked = resources.cpu[part]
    if (asked === undefined || asked === '' || membersOf(asked).every((one) => have.includes(one))) return {}
    const both = membersOf(asked).filter((one) => have.includes(one))
    return { [part]: (both.length > 0 ? both : have.slice(0, 1)).join(',') }
  }
  return withResources(spec, { cpu: { ...resources.cpu, ...here('cpus', cpus), ...here('mems', memoryNodes) } })
}

const withResources = (spec: Spec, resources: Partial<Spec['linux']['resources']>): Spec =>
  ({ ...spec, linux: { ...spec.linux, resources: { ...spec.linux.resources, ...resources } } })

const apparmor = (spec: Spec, host: Host): Spec => {
  const { apparmorProfile: _profile, ...process } = spec.process
  return host.apparmor ? spec : { ...spec, process }
}

const selinux = (spec: Spec, host: Host): Spec => {
  const { selinuxLabel: _label, ...process } = spec.process
  const { mountLabel: _mountLabel, ...linux } = spec.linux
  return host.selinux ? spec : { ...spec, process, linux }
}

const blockIO = (spec: Spec, change: (limits: BlockIO) => BlockIO): Spec => {
  const { blockIO: limits } = spec.linux.resources
  return limits === undefined ? spec : withResources(spec, { blockIO: change(limits) })
}

const withoutDevices = (spec: Spec, { disks }: Host): Spec => {
  const { unified } = spec.linux.resources
  if (disks.length > 0) return spec
  const less = blockIO(spec, ({ weight }) => (weight === undefined ? {} : { weight }))
  return unified === undefined ? less : withResources(less, { unified: Object.fromEntries(Object.entries(unified).filter(([, value]) => !/^\d+:\d+ /.test(value))) })
}

const withoutWeight = (spec: Spec, { ioWeight }: Host): Spec =>
  ioWeight ? spec : blockIO(spec, ({ weight: _weight, weightDevice: _devices, ...throttles }) => throttles)

const deviceNode = (spec: Spec, { exists }: Host): Spec => {
  const { uidMappings, devices } = spec.linux
  return uidMappings === undefined || devices === undefined ? spec : { ...spec, linux: { ...spec.linux, devices: devices.filter(({ path }) => exists(path)) } }
}

const seccompFlags = (spec: Spec, host: Host): Spec => {
  const { seccomp } = spec.linux
  if (seccomp?.flags === undefined || seccomp.flags.every((flag) => host.seccompFlags.includes(flag))) return spec
  const { flags: _flags, ...rest } = seccomp
  return { ...spec, linux: { ...spec.linux, seccomp: rest } }
}

const domainname = (spec: Spec, host: Host): Spec => {
  const { domainname: _name, ...rest } = spec
  return host.domainname ? spec : rest
}

const startContainer = (spec: Spec): Spec => {
  if (spec.hooks?.startContainer === undefined) return spec
  const { startContainer: _hooks, ...hooks } = spec.hooks
  return { ...spec, hooks }
}

const STEPS: ReadonlyArray<Step> = [
  ['capability', capability], ['rlimit', rlimit], ['oom score', oomScore], ['cpu', cpu], ['apparmor', apparmor], ['selinux', selinux],
  ['block device', withoutDevices], ['io weight', withoutWeight], ['device node', deviceNode],
  ['seccomp flags', seccompFlags], ['domainname', domainname], ['startContainer hook', startContainer]
]
