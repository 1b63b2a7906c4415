import { Capabilities, Process, Rlimit } from '../domain/Oci'
import { Task } from '../resolve/Task'

/** The process section: what is run, as whom, with which rights. */
export const process = (task: Task): Process => ({
  args: task.args,
  env: env(task),
  cwd: task.cwd,
  terminal: false,
  user: task.user,
  capabilities: capabilities(task),
  rlimits: rlimits(task),
  noNewPrivileges: true
})

/** `NAME=value`, sorted by name in the order of code units. The only place where the values of an environment are read. */
const env = ({ env: values }: Task): ReadonlyArray<string> =>
  Object.keys(values).sort().map((name) => `${name}=${values[name]?.reveal() ?? ''}`)

/** containerd's default set (oci.defaultUnixCaps), sorted. */
const DEFAULT_CAPABILITIES = [
  'CAP_AUDIT_WRITE', 'CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_FOWNER', 'CAP_FSETID', 'CAP_KILL', 'CAP_MKNOD',
  'CAP_NET_BIND_SERVICE', 'CAP_NET_RAW', 'CAP_SETFCAP', 'CAP_SETGID', 'CAP_SETPCAP', 'CAP_SETUID', 'CAP_SYS_CHROOT'
]

const capabilities = ({ host }: Task): Capabilities => {
  const granted = DEFAULT_CAPABILITIES.filter((name) => host.capabilities.includes(name))
  return { bounding: granted, effective: granted, permitted: granted }
}

const OPEN_FILES_SOFT = 1024
const OPEN_FILES_HARD = 524_288

// A hard limit above the host's own cannot be set without CAP_SYS_RESOURCE.
const rlimits = ({ host }: Task): ReadonlyArray<Rlimit> => [
  {
    type: 'RLIMIT_NOFILE',
    soft: Math.min(OPEN_FILES_SOFT, host.openFilesLimit),
    hard: Math.min(OPEN_FILES_HARD, host.openFilesLimit)
  }
]
