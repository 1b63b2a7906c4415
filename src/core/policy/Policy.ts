import { PluginConfig } from '../decode/PluginConfig'
import { modeFields, volumeFields } from '../decode/policyBlocks'
import { policyFields } from '../decode/policyFields'
import { clean, isAbsolute, isWithin } from '../domain/path'
import * as F from '../field/Field'
import { valuesOf } from '../field/Parsed'

/** Which of the host's namespaces tasks may ask for, by option. */
export type Modes = Readonly<Record<keyof typeof modeFields, ReadonlyArray<string>>>

export interface VolumePolicy {
  readonly enabled: boolean
  readonly allowed_paths: ReadonlyArray<string>
  readonly dir: string
  readonly allow_shared_propagation: boolean
  /** Whether a path may be bound that `allowed_paths` does not name, when it names none. */
  readonly open: boolean
}

/**
 * What the operator lets tasks do, nothing left open. Names are those of the plugin's options, which every refusal
 * names.
 */
export interface Policy {
  readonly allow_privileged: boolean
  readonly allow_unconfined: boolean
  /** Full names, and `ALL`. */
  readonly allow_caps: ReadonlyArray<string>
  readonly runtimes: ReadonlyArray<string>
  readonly snapshotters: ReadonlyArray<string>
  readonly allow_devices: ReadonlyArray<string>
  readonly allow_sysctls: ReadonlyArray<string>
  readonly allow_cgroup_conf: ReadonlyArray<string>
  readonly allowed_modes: Modes
  readonly seccomp: boolean
  readonly seccomp_profile_dir: string | undefined
  readonly volumes: VolumePolicy
  readonly pids_limit: number | undefined
  readonly memory_hard_limit: number | undefined
  /** Directories that hold what the driver and containerd live by. */
  readonly ours: ReadonlyArray<string>
}

const VOLUMES_DIR = '/var/lib/containerd-driver/volumes'

/** What the operator says of an option, else the default that `hardened` chooses. */
const givenOr =
  (hardened: boolean | undefined) =>
  <A,>(field: Pick<F.Hardening<A>, 'hardened' | 'usual'>, value: A | undefined): A =>
    value ?? (hardened === true ? field.hardened : field.usual)

/** The policy of an operator's options. What is left out has the default that `hardened` chooses. */
export const policyOf = (plugin: Partial<PluginConfig>): Policy => {
  const given = givenOr(plugin.hardened)
  return {
    allow_privileged: given(policyFields.allow_privileged, plugin.allow_privileged),
    allow_unconfined: given(policyFields.allow_unconfined, plugin.allow_unconfined),
    allow_caps: valuesOf(given(policyFields.allow_caps, plugin.allow_caps)),
    runtimes: [
      ...(plugin.containerd_runtime === undefined ? [] : [plugin.containerd_runtime]),
      ...(plugin.allow_runtimes ?? [])
    ],
    snapshotters: [
      ...(plugin.snapshotter === undefined ? [] : [plugin.snapshotter]),
      ...given(policyFields.allow_snapshotters, plugin.allow_snapshotters)
    ],
    allow_devices: given(policyFields.allow_devices, plugin.allow_devices),
    allow_sysctls: given(policyFields.allow_sysctls, plugin.allow_sysctls),
    allow_cgroup_conf: given(policyFields.allow_cgroup_conf, plugin.allow_cgroup_conf),
    allowed_modes: modesOf(plugin),
    seccomp: given(policyFields.seccomp, plugin.seccomp),
    seccomp_profile_dir: profileDirOf(plugin),
    volumes: volumesOf(plugin),
    pids_limit: given(policyFields.pids_limit, plugin.pids_limit),
    memory_hard_limit: plugin.memory_hard_limit,
    ours: [plugin.state_dir, plugin.address, plugin.volumes?.dir, profileDirOf(plugin)].flatMap(placesOf)
  }
}

/** A path in both its spellings: /var/run is a link to /run nearly everywhere. */
const placesOf = (path: string | undefined): ReadonlyArray<string> => {
  if (path === undefined || !isAbsolute(path) || clean(path) === '/') return []
  const place = clean(path)
  if (isWithin('/var/run', place)) return [place, place.slice('/var'.length)]
  return isWithin('/run', place) ? [place, `/var${place}`] : [place]
}

/** A profile that a task brings itself confines nothing: where tasks must be confined, profiles are the operator's. */
const profileDirOf = ({
  seccomp_profile_dir: dir,
  allow_unconfined: free,
  hardened
}: Partial<PluginConfig>): string | undefined =>
  givenOr(hardened === true || free === false)(policyFields.seccomp_profile_dir, dir)

const modesOf = ({ allowed_modes: modes, hardened }: Partial<PluginConfig>): Modes => {
  const given = (name: keyof Modes): ReadonlyArray<string> => givenOr(hardened)(modeFields[name], modes?.[name])
  return {
    network: given('network'),
    pid: given('pid'),
    ipc: given('ipc'),
    uts: given('uts'),
    userns: given('userns'),
    cgroup: given('cgroup')
  }
}

const volumesOf = ({ volumes, hardened }: Partial<PluginConfig>): VolumePolicy => {
  const given = givenOr(hardened)
  return {
    enabled: given(volumeFields.enabled, volumes?.enabled),
    allowed_paths: volumes?.allowed_paths ?? [],
    dir: volumes?.dir ?? VOLUMES_DIR,
    allow_shared_propagation: given(volumeFields.allow_shared_propagation, volumes?.allow_shared_propagation),
    open: hardened !== true
  }
}
