import { HookStage, Spec } from '../../src/core/domain/Oci'
import { Breaches, given, same } from './kernel/Breach'
import { cgroup } from './kernel/cgroup'
import { devices, numbersToAsk } from './kernel/devices'
import { mounts } from './kernel/mounts'
import { namespaces } from './kernel/namespaces'
import { process } from './kernel/process'
import { Outside, Report } from './kernel/Report'
import { callsToAsk, seccomp } from './kernel/seccomp'

/** What the probe has to look at, beyond what it always reports, so that a spec can be judged. */
export const askOf = (spec: Spec): object => ({
  paths: [...(spec.linux.maskedPaths ?? []), ...(spec.linux.readonlyPaths ?? [])],
  destinations: spec.mounts.map(({ destination }) => destination),
  devices: [...(spec.linux.devices ?? []).map(({ path }) => ({ path })), ...numbersToAsk(spec)],
  calls: callsToAsk(spec),
  sysctl: Object.keys(spec.linux.sysctl ?? {})
})

/** Where the kernel does not agree with a spec, judged by what the process saw inside and by what was seen from outside. */
export const breaches = (spec: Spec, report: Report, outside: Outside): Breaches => [
  ...process(spec, report),
  ...mounts(spec, report, outside),
  ...devices(spec, report),
  ...namespaces(spec, report, outside),
  ...seccomp(spec, report),
  ...cgroup(spec, report, outside),
  ...hooks(spec, outside)
]

const STAGES: ReadonlyArray<HookStage> = ['prestart', 'createRuntime', 'createContainer', 'startContainer', 'poststart', 'poststop']

const hooks = ({ hooks: promised = {} }: Spec, outside: Outside): Breaches =>
  STAGES.flatMap((stage) => {
    const seen = outside.hooks.filter((one) => one.stage === stage)
    return [
      ...same(`hooks ${stage}`, (promised[stage] ?? []).map(({ args = [] }) => args.slice(1)), seen.map(({ args }) => args)),
      // Without an env of its own a hook gets the runtime's or the container's, as runc likes.
      ...(promised[stage] ?? []).flatMap(({ env }, index) => given(env, (lines) => same(`hooks ${stage} env`, sorted(lines), sorted(seen[index]?.env ?? []))))
    ]
  })

const sorted = (lines: ReadonlyArray<string>): ReadonlyArray<string> => [...lines].sort()
