/** What the probe (test/probe) prints. Errnos are numbers: 0 is success, minus n the signal that ended the process. */
export interface Report {
  readonly args: ReadonlyArray<string>
  readonly cwd: string
  readonly env: ReadonlyArray<string>
  readonly pid: number
  readonly hostname: string
  readonly domainname: string
  readonly terminal: boolean
  /** The lines of /proc/self/status. */
  readonly status: Readonly<Record<string, string>>
  /** The label of AppArmor or SELinux. */
  readonly label: string
  readonly uidMap: ReadonlyArray<ReadonlyArray<number>>
  readonly gidMap: ReadonlyArray<ReadonlyArray<number>>
  readonly oomScoreAdj: number
  readonly limits: Readonly<Record<string, { readonly soft: string; readonly hard: string }>>
  readonly namespaces: Readonly<Record<string, string>>
  readonly cgroups: ReadonlyArray<{ readonly controllers: string; readonly path: string }>
  /** Files of the process's own cgroup, read where the mounts and /proc/self/cgroup say that they are. */
  readonly ownCgroup: Readonly<Record<string, string>>
  readonly mounts: ReadonlyArray<SeenMount>
  readonly root: Place
  readonly destinations: Readonly<Record<string, Place>>
  readonly paths: Readonly<Record<string, Place>>
  readonly devices: ReadonlyArray<SeenDevice>
  readonly opens: Readonly<Record<string, number>>
  readonly sysctl: Readonly<Record<string, string>>
  readonly calls: Readonly<Record<string, number>>
}

/** A line of /proc/self/mountinfo. */
export interface SeenMount {
  readonly device: string
  readonly root: string
  readonly point: string
  readonly options: ReadonlyArray<string>
  readonly tags: ReadonlyArray<string>
  readonly type: string
  readonly source: string
  readonly superOptions: ReadonlyArray<string>
}

/** `kind` is absent, unreachable, directory, file, c, b, p or other; `writing` the errno of asking for write access. */
export interface Place {
  readonly kind: string
  readonly device: string
  readonly empty: boolean
  readonly readonly: boolean
  readonly nosuid: boolean
  readonly nodev: boolean
  readonly noexec: boolean
  readonly writing: number
  readonly bytes: number
}

export interface SeenDevice {
  readonly path: string
  readonly type: string
  readonly major: number
  readonly minor: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly absent: boolean
  readonly read: number
  readonly write: number
}

/** What the container looks like from the host. */
export interface Outside {
  readonly version: 'v1' | 'v2'
  /** The container's cgroup files, by name. */
  readonly files: Readonly<Record<string, string>>
  /** The host's own namespaces, as /proc/self/ns names them. */
  readonly own: Readonly<Record<string, string>>
  /** The namespaces at the paths that the spec joins. */
  readonly joined: Readonly<Record<string, string>>
  /** The peer groups of the mounts on the host that the spec binds, where they are shared: number by source. */
  readonly peers: Readonly<Record<string, string>>
  readonly hooks: ReadonlyArray<{ readonly stage: string; readonly args: ReadonlyArray<string>; readonly env: ReadonlyArray<string> }>
}

export const EPERM = 1
export const EROFS = 30
export const ENOSYS = 38
export const SIGSYS = 31
