import * as F from './Field'
import { fieldsCodec } from './fieldsCodec'
import * as K from './Kind'

const MAX_PIDS = 4_194_304

const auth = {
  username: F.required(K.text, 'User name at the registry.'),
  password: F.required(K.hidden, 'Password or token at the registry. Never shown.')
}

const mounts = {
  type: F.withDefault(K.word(['volume', 'bind', 'tmpfs']), 'volume', 'What is mounted: a named volume, a host path, or memory.'),
  target: F.required(K.text, 'Absolute path in the container.'),
  source: F.withDefault(K.text, '', 'bind: host path, or a path below the task directory when relative. volume: name, or an absolute host path.'),
  options: F.orEmpty(K.texts, [], 'fstab style mount options. A bind without any gets `rbind` and `rw`.')
}

/** The options of a task's `config {}` block (Nomad documentation of the containerd driver; four more that its code has). */
export const fields = {
  image: F.required(K.text, 'OCI image to run, such as `docker.io/library/redis:7`.'),
  image_pull_timeout: F.withDefault(K.duration, '5m', 'How long a pull of the image may take before it is cancelled.'),
  command: F.optional(K.text, "Command that replaces the image's."),
  args: F.orEmpty(K.texts, [], 'Arguments to the command.'),
  entrypoint: F.orEmpty(K.texts, [], "List that replaces the image's entrypoint; `[\"\"]` clears it. The image's command is dropped then."),
  cwd: F.optional(K.text, 'Working directory of the process. Made when it does not exist.'),
  privileged: F.withDefault(K.flag, false, 'Run with every capability. Needs the plugin option `allow_privileged`.'),
  pids_limit: F.optional(K.whole(-1, MAX_PIDS), 'Most processes and threads that the container may have. Unlimited when left out.'),
  pid_mode: F.withDefault(K.word(['', 'host']), '', "`host` shares the host's process ids."),
  hostname: F.optional(K.text, 'Host name inside the container.'),
  host_dns: F.withDefault(K.flag, true, "Use the host's `/etc/resolv.conf`, read-only."),
  seccomp: F.withDefault(K.flag, false, 'Enable the default seccomp profile.'),
  seccomp_profile: F.optional(K.text, 'Path of a custom seccomp profile; needs `seccomp = true`.'),
  shm_size: F.optional(K.size, 'Size of `/dev/shm`, such as `"64m"`.'),
  sysctl: F.orEmpty(K.textMap, {}, 'Kernel parameters to set in the namespaces of the container.'),
  readonly_rootfs: F.withDefault(K.flag, false, 'Make the root file system read-only.'),
  host_network: F.withDefault(K.flag, false, "Use the host's network. Excludes `network { mode = \"bridge\" }`."),
  extra_hosts: F.orEmpty(K.texts, [], 'Lines for `/etc/hosts`, each `host:IP`.'),
  cap_add: F.orEmpty(K.texts, [], 'Capabilities to add.'),
  cap_drop: F.orEmpty(K.texts, [], 'Capabilities to drop.'),
  devices: F.orEmpty(K.texts, [], 'Host devices to give to the container, such as `/dev/loop0`.'),
  auth: F.optional(K.block(auth), 'Login at the registry of the image.'),
  mounts: F.orEmpty(K.blocks(mounts), [], 'What is mounted into the container.')
} as const satisfies F.Fields

export type TaskConfig = F.TypeOf<typeof fields>

export type MountConfig = TaskConfig['mounts'][number]

export const codec = fieldsCodec('task', fields)
