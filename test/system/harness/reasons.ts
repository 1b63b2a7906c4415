/**
 * Why a fixture's spec cannot run on a host at all. The tables are closed: whatever else keeps a spec from running is a
 * breach, and fails its test.
 */
export const CANNOT = {
  'cgroup v2': 'it sets files of unified cgroup v2 (resources.unified), and this host has v1: npm run test:cgroup2',
  'cgroup v1': 'it sets memory.swappiness, which only cgroup v1 has',
  'file system': 'it mounts a file system that this kernel does not have',
  'namespace of a process': 'it joins a pid, mount or user namespace of a process that is not there',
  'probe starved': 'its seccomp filter refuses calls that the probe itself needs'
} as const

/** What of a spec cannot be had on a host. The spec runs without it, and the rest is compared. */
export const WITHOUT = {
  capability: 'a capability that this host does not have to give',
  rlimit: 'a limit above the host\'s own: lowered to that',
  'oom score': 'an OOM score below the host\'s own, for which CAP_SYS_RESOURCE is missing: raised to that',
  cpu: 'CPUs or memory nodes that this machine does not have: those it has',
  apparmor: 'an AppArmor profile: this kernel runs without AppArmor',
  selinux: 'an SELinux label: this kernel runs without SELinux',
  'block device': 'a limit for a block device: this machine has none',
  'io weight': 'an IO weight: this kernel has no scheduler that knows weights',
  'device node': 'a device that is not on this host, in a user namespace, where only the host\'s own nodes can be had',
  'seccomp flags': 'flags of a seccomp filter that this runc does not know',
  domainname: 'a domain name: this runc is older than runtime-spec 1.1',
  'startContainer hook': 'a hook that runs inside the container, from where its stand-in cannot report'
} as const

export type Cannot = keyof typeof CANNOT
export type Without = keyof typeof WITHOUT
