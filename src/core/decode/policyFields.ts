import { ALL } from '../domain/capabilities'
import { ITEMS } from '../domain/ceilings'
import { says } from '../field/About'
import * as F from '../field/Field'
import * as K from '../field/Kind'
import { entriesFrom } from '../field/Parsed'
import { capabilities } from '../value/kinds'
import { modeFields, volumeFields } from './policyBlocks'
import { MAX_PIDS } from './task/limits'

/** Nomad's own list for its drivers: Docker's default without NET_RAW (CVE-2021-32575). */
const NOMAD_CAPABILITIES: ReadonlyArray<string> = [
  'audit_write', 'chown', 'dac_override', 'fowner', 'fsetid', 'kill', 'mknod', 'net_bind_service', 'setfcap', 'setgid',
  'setpcap', 'setuid', 'sys_chroot'
]

const ANY: ReadonlyArray<string> = ['*']
const NONE: ReadonlyArray<string> = []
const MAX_MB = 2 ** 33
const HARDENED_PIDS = 4096

/** What the operator lets a task do. Each option that `hardened` turns may still be set by name. */
export const policyFields = {
  hardened: F.withDefault(
    K.flag,
    false,
    says('Turn every default below to the safe side.', [], { example: 'hardened = true' })
  ),
  allow_privileged: F.byHardening<boolean>(
    K.flag,
    true,
    false,
    says(
      'Set to `false` to refuse privileged tasks. Alone it confines nobody: capabilities, host namespaces, devices and volumes have options of their own (`docs/hardening.md`).',
      [],
      { example: 'allow_privileged = false' }
    )
  ),
  allow_unconfined: F.byHardening<boolean>(
    K.flag,
    true,
    false,
    says(
      'Set to `false` to refuse `seccomp = false`, `no_new_privileges = false`, `writable_cgroups = true`, other masked or read-only paths, unconfined AppArmor or SELinux, and an `oom_score_adj` below zero. Custom seccomp profiles must then lie in `seccomp_profile_dir`.',
      [],
      { example: 'allow_unconfined = false' }
    )
  ),
  allow_caps: F.shownByHardening(
    capabilities(ITEMS),
    { written: ['all'], value: entriesFrom(['all'], () => ALL) },
    { written: NOMAD_CAPABILITIES, value: entriesFrom(NOMAD_CAPABILITIES, (name) => `CAP_${name.toUpperCase()}`) },
    says(
      'Capabilities that a task may have: those of the default set that are not here are dropped, others are refused.',
      ['spec.process.capabilities', 'spec.linux.seccomp'],
      { example: 'allow_caps = ["chown", "net_bind_service"]' }
    )
  ),
  allow_runtimes: F.orEmpty(
    K.texts,
    [],
    says('Runtimes that a task may ask for beside `containerd_runtime`, with `*`.', [], {
      example: 'allow_runtimes = ["io.containerd.kata.*"]'
    })
  ),
  allow_snapshotters: F.byHardening(
    K.texts,
    ANY,
    NONE,
    says('Snapshotters that a task may ask for beside `snapshotter`, with `*`.', [], {
      example: 'allow_snapshotters = ["native"]'
    })
  ),
  allow_devices: F.byHardening(
    K.texts,
    ANY,
    NONE,
    says('Devices that a task may ask for, as paths or CDI names with `*`; for limits of block I/O too.', [], {
      example: 'allow_devices = ["/dev/fuse", "nvidia.com/gpu=*"]'
    })
  ),
  allow_sysctls: F.byHardening(
    K.texts,
    ANY,
    NONE,
    says('Kernel parameters that a task may set, with `*`.', [], { example: 'allow_sysctls = ["net.ipv4.*"]' })
  ),
  allow_cgroup_conf: F.byHardening(
    K.texts,
    ANY,
    NONE,
    says('Raw cgroup settings that a task may make, with `*`.', [], {
      example: 'allow_cgroup_conf = ["memory.high"]'
    })
  ),
  allowed_modes: F.optional(
    K.block(modeFields),
    says('Namespace options that a task may set.', [], { example: 'allowed_modes { pid = ["host"] }' })
  ),
  seccomp: F.byHardening<boolean>(
    K.flag,
    false,
    true,
    says('Whether tasks that say nothing run with the default seccomp profile.', ['spec.linux.seccomp', 'seccomp'], {
      example: 'seccomp = true'
    })
  ),
  seccomp_profile_dir: F.byHardening<string | undefined>(
    K.path,
    undefined,
    '/opt/seccomp',
    says('Directory that custom seccomp profiles must lie in. Left out: anywhere.', [], {
      example: 'seccomp_profile_dir = "/opt/seccomp"'
    })
  ),
  volumes: F.optional(
    K.block(volumeFields),
    says('What a task may mount.', [], { example: 'volumes { allowed_paths = ["/srv"] }' })
  ),
  pids_limit: F.byHardening<number | undefined>(
    K.whole(1, MAX_PIDS),
    undefined,
    HARDENED_PIDS,
    says('`pids_limit` of tasks that set none, and the highest that one may set.', ['spec.linux.resources.pids'], {
      example: 'pids_limit = 1000'
    })
  ),
  memory_hard_limit: F.optional(
    K.whole(1, MAX_MB),
    says(
      'Highest memory limit in MB: of tasks without one it is the limit, a higher one is refused.',
      ['spec.linux.resources.memory'],
      { example: 'memory_hard_limit = 16384' }
    )
  )
} as const satisfies F.Fields
