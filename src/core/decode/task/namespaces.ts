import { says } from '../../field/About'
import * as F from '../../field/Field'
import * as K from '../../field/Kind'
import { Parsed } from '../../field/Parsed'
import { userNamespaces } from '../../value/kinds'
import { UserNamespace } from '../../value/UserNamespace'

const NAMESPACES = ['spec.linux.namespaces']

const UNSAID: Parsed<UserNamespace> = { written: '', value: { _tag: 'Unsaid' } }

/** Which of the host's namespaces the container shares. */
export const namespaces = {
  pid_mode: F.withDefault(
    K.word(['', 'private', 'host']),
    '',
    says("`host` shares the host's process ids.", NAMESPACES, {
      policy: ['allowed_modes.pid'],
      example: 'pid_mode = "host"'
    })
  ),
  ipc_mode: F.withDefault(
    K.word(['', 'private', 'host', 'none']),
    '',
    says(
      "`host` shares the host's System V IPC and /dev/shm; `none` is a namespace without a /dev/shm.",
      [...NAMESPACES, 'spec.mounts'],
      { policy: ['allowed_modes.ipc'], example: 'ipc_mode = "host"' }
    )
  ),
  uts_mode: F.withDefault(
    K.word(['', 'private', 'host']),
    '',
    says(
      "`host` shares the host's name. Excludes `hostname` and `domainname`.",
      [...NAMESPACES, 'spec.hostname', 'spec.process.env', 'mounts'],
      {
        policy: ['allowed_modes.uts'],
      example: 'uts_mode = "host"'
      }
    )
  ),
  cgroupns: F.withDefault(
    K.word(['', 'private', 'host']),
    '',
    says(
      'Whether the container sees the cgroups of the host. `private` on cgroup v2 when left out, `host` on v1.',
      NAMESPACES,
      { since: 'Linux 4.6', policy: ['allowed_modes.cgroup'], example: 'cgroupns = "private"' }
    )
  ),
  userns: F.alias(
    F.orEmpty(
      userNamespaces,
      UNSAID,
      says(
        'User namespace: `host`, or `container:host:size` to map ids, such as `0:100000:65536`; several with commas. The image\'s files are given to these ids.',
        [
          ...NAMESPACES,
          'spec.mounts',
          'spec.linux.uidMappings',
          'spec.linux.gidMappings',
          'container.runtime.options.ioUid',
          'container.runtime.options.ioGid',
          'spec.domainname',
          'spec.ociVersion',
          'spec.linux.sysctl'
        ],
        { policy: ['allowed_modes.userns'], example: 'userns = "0:100000:65536"' }
      )
    ),
    'userns_mode'
  )
} as const satisfies F.Fields
