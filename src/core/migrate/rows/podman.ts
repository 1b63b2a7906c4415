import { auth, label } from './image'
import { ports } from './network'
import { image } from './podmanImage'
import { arch, entrypoint, ipc, mode, partOfPlatform, userns, volumes } from './podmanJudges'
import { converted, differs, equal, missing, Row, Rows } from './Row'
import { SECURITY_OPTIONS, securityOpt } from './securityOpt'
import { Differs, EQUAL, Missing, Needless } from './Verdict'

const address = missing('Addresses are given by CNI: `network { mode = "cni/NAME" }`.')

const logging: Row = missing("Output always goes to Nomad: use the task's `logs` block.", {
  judge: (value) =>
    isNomads(value)
      ? Needless('output always goes to Nomad')
      : Missing("output always goes to Nomad: use the task's `logs` block"),
  rows: {
    driver: missing('Output always goes to Nomad.'),
    options: missing('Output always goes to Nomad: `logs` says how much is kept.')
  }
})

const isNomads = (value: unknown): boolean => {
  const block: unknown = Array.isArray(value) ? value[0] : value
  return typeof block === 'object' && block !== null && Object.entries(block).every(
    ([name, one]) => name === 'driver' && (one === 'nomad' || one === '')
  )
}

const login: Row = equal('auth', 'User and password are required, both.', {
  judge: auth,
  rows: {
    username: equal('auth.username'),
    password: equal('auth.password'),
    tls_verify: missing('Certificates are always verified.', {
      judge: (value) =>
        value === false || value === 'false'
          ? Missing('certificates are always verified')
          : Needless('certificates are always verified')
    })
  }
})

/** Every option of a task of Nomad's podman driver, and what becomes of it. */
export const podmanRows: Rows = {
  image,
  force_pull: equal('force_pull', 'Equal. `pull_policy` knows `never` too.'),
  image_pull_timeout: equal('image_pull_timeout'),
  arch: converted(['platform'], '`platform = "linux/arm64"`, of all three together.', { judge: arch }),
  os: converted(['platform'], '`platform = "linux/arm64"`, of all three together.', { judge: partOfPlatform }),
  variant: converted(['platform'], '`platform = "linux/arm64"`, of all three together.', { judge: partOfPlatform }),
  auth: login,
  auth_soft_fail: equal('auth_soft_fail'),
  labels: equal('labels', 'On the container record. Names of other tools are refused.', { each: label }),
  command: equal('command'),
  args: equal('args'),
  entrypoint: equal('entrypoint', 'A list; one text becomes a list of one.', { judge: entrypoint }),
  working_dir: { usual: 'Renamed', here: ['cwd'], says: 'A clean absolute path, not below `/proc` or `/dev/fd`.' },
  hostname: equal('hostname', "Equal. Left out it is the container's id, as there."),
  init: differs('init', "The program is the operator's `init_path`, tini. It stands at `/sbin/tini`.", {
    judge: (value) =>
      value === true ? Differs("the init is the host's `init_path`, a static tini that the operator installs") : EQUAL
  }),
  init_path: missing("The operator's plugin option `init_path` says it."),
  tty: equal('tty'),
  logging,
  oom_score_adj: equal('oom_score_adj', 'Also below zero, where the host can grant it.'),
  ulimit: equal('ulimit', 'Equal. A limit that the host cannot grant is refused.'),
  cap_add: equal('cap_add', 'Equal in meaning. What a task starts with differs: see below.'),
  cap_drop: equal('cap_drop', 'Equal in meaning. What a task starts with differs: see below.'),
  privileged: equal('privileged', 'Allowed unless the operator says no.'),
  security_opt: converted(
    SECURITY_OPTIONS,
    'An option for each. `unmask=ALL` is `masked_paths = []` and `readonly_paths = []`.',
    { judge: securityOpt }
  ),
  apparmor_profile: equal('apparmor_profile', 'Equal. Refused on a host without AppArmor.'),
  selinux_opts: equal('selinux_opts', 'Equal. Refused on a host without SELinux.'),
  readonly_rootfs: equal('readonly_rootfs'),
  sysctl: equal('sysctl', 'Only parameters of a namespace that the container owns.'),
  userns: equal('userns', 'No `auto`, `keep-id` or `nomap`.', {
    judge: userns
  }),
  ipc_mode: equal('ipc_mode', "`host`, `private` or `none`. No `shareable`, no other container's or task's.", {
    judge: ipc
  }),
  network_mode: differs(
    'network_mode',
    '`host`, `none` and `bridge` work. Left out without `ports` it is a loopback only. `task:NAME` works, and `container:NAME-${NOMAD_ALLOC_ID}` is written as it.',
    { judge: mode }
  ),
  ports: differs(
    'ports',
    'They make the network where neither group nor task names one. A label that the group has not is refused, as there.',
    { judge: ports }
  ),
  port_map: missing("Use `to` of a `port` in the group's `network` block."),
  extra_hosts: equal('extra_hosts', 'Equal. `host-gateway` is the address of the host.'),
  static_ips: address,
  static_mac: address,
  ipv4_address: address,
  ipv6_address: address,
  socket: missing("The operator's plugin option `address` says it."),
  cpu_hard_limit: equal('cpu_hard_limit'),
  cpu_cfs_period: equal('cpu_cfs_period'),
  memory_reservation: equal('memory_reservation'),
  memory_swap: equal('memory_swap', 'Equal. Less than the memory limit is refused.'),
  memory_swappiness: differs('memory_swappiness', 'It is refused on cgroup v2, where podman ignores it.', {
    judge: () => Differs('it is refused on cgroup v2, where podman ignores it')
  }),
  pids_limit: equal('pids_limit'),
  shm_size: equal('shm_size'),
  devices: equal('devices'),
  volumes: equal('volumes', 'The source must exist, as there. `z`, `Z`, `U` and `O` are not applied.', {
    judge: volumes
  }),
  tmpfs: differs('tmpfs', "It is empty; podman copies what the image has there into it.", {
    judge: (value) =>
      Array.isArray(value) && value.length === 0
        ? EQUAL
        : Differs('it is empty, where podman copies what the image has at that place into it')
  })
}
