import { ITEMS } from '../domain/ceilings'
import * as F from '../field/Field'
import * as K from '../field/Kind'
import { pathText } from '../field/pathKind'

const ANY: ReadonlyArray<string> = ['*']
const NONE: ReadonlyArray<string> = []

/** Which values of a namespace option a task may set, with `*`. */
const modes = (option: string, hardened: ReadonlyArray<string> = NONE): F.Hardening<ReadonlyArray<string>> =>
  F.byHardening(K.texts, ANY, hardened, `Values of ${option} that a task may set, with \`*\`.`)

/** The block `allowed_modes`. */
export const modeFields = {
  network: modes('`network_mode`, and `host` for `host_network`,', ['bridge', 'cni/*', 'task:*']),
  pid: modes('`pid_mode`'),
  ipc: modes('`ipc_mode`'),
  uts: modes('`uts_mode`'),
  // A namespace of users takes rights away, and `host` is what a task has without asking.
  userns: modes('`userns`', ANY),
  cgroup: modes('`cgroupns`')
}

/** The block `volumes`. */
export const volumeFields = {
  enabled: F.byHardening<boolean>(
    K.flag,
    true,
    false,
    'Whether a task may bind host paths outside its allocation, and use named volumes.'
  ),
  allowed_paths: F.orEmpty(
    K.textsOf(pathText, ITEMS),
    [],
    'Host paths that may be bound, with all below them. Empty: any but those of the host itself and of containerd; none when hardened.'
  ),
  dir: F.withDefault(
    K.path,
    '/var/lib/containerd-driver/volumes',
    'Where named volumes live: one directory each, made when missing, kept.'
  ),
  allow_shared_propagation: F.byHardening<boolean>(
    K.flag,
    true,
    false,
    'Whether a task may mount with `shared` or `rshared`, which shows its mounts to the host.'
  )
}
