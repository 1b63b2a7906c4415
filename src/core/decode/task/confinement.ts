import { CAPABILITIES as MOST_CAPABILITIES, ITEMS } from '../../domain/ceilings'
import { says } from '../../field/About'
import * as F from '../../field/Field'
import * as K from '../../field/Kind'
import { pathText } from '../../field/pathKind'
import { capabilities, selinuxOptions } from '../../value/kinds'

const CAPABILITIES = ['spec.process.capabilities', 'spec.linux.seccomp', 'spec.ociVersion']

const names = capabilities(MOST_CAPABILITIES)

/** Rights of the process. */
export const confinement = {
  privileged: F.withDefault(
    K.flag,
    false,
    says(
      'Lift the confinement: every capability and device of the host, nothing masked, no filter.',
      [
        'spec.process.capabilities',
        'spec.process.noNewPrivileges',
        'spec.linux',
        'spec.mounts',
        'spec.ociVersion',
        'seccomp'
      ],
      { policy: ['allow_privileged'], example: 'privileged = true' }
    )
  ),
  cap_add: F.orEmpty(
    names,
    [],
    says('Capabilities to add, with or without `CAP_`, in any case; `ALL` for every one.', CAPABILITIES, {
      policy: ['allow_caps'],
      example: 'cap_add = ["NET_ADMIN"]'
    })
  ),
  cap_drop: F.orEmpty(
    names,
    [],
    says('Capabilities to drop; `ALL` for every one. What `cap_add` names is kept.', CAPABILITIES, {
      example: 'cap_drop = ["ALL"]'
    })
  ),
  cap_ambient: F.orEmpty(
    names,
    [],
    says(
      'Capabilities that a process which is not root keeps too. They are added like those of `cap_add`.',
      CAPABILITIES,
      { since: 'Linux 4.3', policy: ['allow_caps'], example: 'cap_ambient = ["NET_BIND_SERVICE"]' }
    )
  ),
  no_new_privileges: F.optional(
    K.flag,
    says(
      'Keep the process from gaining rights that it did not start with. `true` when left out, `false` when privileged.',
      ['spec.process.noNewPrivileges'],
      { policy: ['allow_unconfined'], example: 'no_new_privileges = false' }
    )
  ),
  seccomp: F.optional(
    K.flag,
    says(
      "Filter system calls with containerd's default profile, or with `seccomp_profile`. The operator's `seccomp` when left out.",
      ['spec.linux.seccomp', 'seccomp', 'spec.ociVersion'],
      { policy: ['seccomp', 'allow_unconfined'], example: 'seccomp = true' }
    )
  ),
  seccomp_profile: F.optional(
    pathText,
    says(
      "Path on the host of a custom seccomp profile, in Docker's or in OCI's form; needs `seccomp = true`.",
      ['spec.linux.seccomp', 'seccomp', 'spec.ociVersion'],
      { policy: ['seccomp_profile_dir'], example: 'seccomp_profile = "/opt/seccomp/seccomp.json"' }
    )
  ),
  apparmor_profile: F.optional(
    K.text,
    says('AppArmor profile of the process; it must be loaded on the host.', ['spec.process.apparmorProfile'], {
      since: 'a kernel with AppArmor',
      policy: ['allow_unconfined'],
      example: 'apparmor_profile = "nginx"'
    })
  ),
  selinux_opts: F.orEmpty(
    selinuxOptions,
    [],
    says(
      'SELinux label of the container: `user:U`, `role:R`, `type:T`, `level:L`, `filetype:T`, or `disable`.',
      ['spec.process.selinuxLabel', 'spec.linux.mountLabel'],
      { since: 'a kernel with SELinux', policy: ['allow_unconfined'], example: 'selinux_opts = ["type:web_t"]' }
    )
  ),
  masked_paths: F.optional(
    K.textsOf(pathText, ITEMS),
    says(
      "Paths that the container sees empty, in the place of containerd's; `[]` for none.",
      ['spec.linux.maskedPaths'],
      {
        policy: ['allow_unconfined'],
        example: 'masked_paths = ["/proc/kcore"]'
      }
    )
  ),
  readonly_paths: F.optional(
    K.textsOf(pathText, ITEMS),
    says(
      "Paths that the container cannot write, in the place of containerd's; `[]` for none.",
      ['spec.linux.readonlyPaths'],
      {
        policy: ['allow_unconfined'],
        example: 'readonly_paths = ["/proc/sys"]'
      }
    )
  ),
  readonly_rootfs: F.withDefault(
    K.flag,
    false,
    says('Make the root file system read-only.', ['spec.root.readonly'], { example: 'readonly_rootfs = true' })
  ),
  writable_cgroups: F.optional(
    K.flag,
    says(
      "Let the container write its `/sys/fs/cgroup`, its own limits included. `false` when left out, `true` when privileged.",
      ['spec.mounts'],
      { policy: ['allow_unconfined'], example: 'writable_cgroups = true' }
    )
  ),
  sysctl: F.orEmpty(
    K.textMap,
    {},
    says("Kernel parameters to set in the container's own namespaces.", ['spec.linux.sysctl'], {
      policy: ['allow_sysctls'],
      example: 'sysctl = { "net.core.somaxconn" = "16384" }'
    })
  )
} as const satisfies F.Fields
