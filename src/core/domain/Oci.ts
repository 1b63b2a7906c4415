import { Resources } from './Resources'

/** The parts of the OCI runtime spec (config.md, config-linux.md; up to 1.2.0) that this compiler writes. */
export interface Spec {
  readonly ociVersion: string
  readonly root: { readonly path: string; readonly readonly: boolean }
  readonly hostname?: string
  readonly domainname?: string
  readonly annotations?: Readonly<Record<string, string>>
  readonly hooks?: Hooks
  readonly process: Process
  readonly mounts: ReadonlyArray<Mount>
  readonly linux: Linux
}

/**
 * Programs of the host that the runtime runs (config.md, "POSIX-platform Hooks"). Only CDI files of the host bring any.
 */
export type Hooks = Readonly<Partial<Record<HookStage, ReadonlyArray<Hook>>>>

export type HookStage = 'prestart' | 'createRuntime' | 'createContainer' | 'startContainer' | 'poststart' | 'poststop'

/** `timeout` in seconds. */
export interface Hook {
  readonly path: string
  readonly args?: ReadonlyArray<string>
  readonly env?: ReadonlyArray<string>
  readonly timeout?: number
}

export interface Process {
  readonly args: ReadonlyArray<string>
  readonly env: ReadonlyArray<string>
  readonly cwd: string
  readonly terminal: boolean
  /** In characters; other clients of containerd set it. */
  readonly consoleSize?: { readonly width: number; readonly height: number }
  readonly user: User
  readonly capabilities: Capabilities
  readonly rlimits: ReadonlyArray<Rlimit>
  readonly noNewPrivileges: boolean
  readonly oomScoreAdj?: number
  readonly apparmorProfile?: string
  readonly selinuxLabel?: string
}

/** `umask` is a number of three octal digits, written in decimal as JSON has it. */
export interface User {
  readonly uid: number
  readonly gid: number
  readonly umask?: number
  readonly additionalGids: ReadonlyArray<number>
}

/**
 * Sets of capabilities. `inheritable` and `ambient` are equal and only there when ambient ones are asked for
 * (CVE-2022-24769).
 */
export interface Capabilities {
  readonly bounding: ReadonlyArray<string>
  readonly effective: ReadonlyArray<string>
  readonly permitted: ReadonlyArray<string>
  readonly inheritable?: ReadonlyArray<string>
  readonly ambient?: ReadonlyArray<string>
}

/** A limit of 2^64-1 (none) is a bigint: a double cannot hold it. */
export interface Rlimit {
  readonly type: string
  readonly soft: number | bigint
  readonly hard: number | bigint
}

export interface Mount {
  readonly destination: string
  readonly type: string
  readonly source: string
  readonly options: ReadonlyArray<string>
}

export interface Linux {
  readonly cgroupsPath: string
  readonly namespaces: ReadonlyArray<Namespace>
  readonly uidMappings?: ReadonlyArray<IdMapping>
  readonly gidMappings?: ReadonlyArray<IdMapping>
  readonly resources: Resources
  readonly devices?: ReadonlyArray<Device>
  readonly sysctl?: Readonly<Record<string, string>>
  readonly seccomp?: Seccomp
  readonly mountLabel?: string
  readonly maskedPaths?: ReadonlyArray<string>
  readonly readonlyPaths?: ReadonlyArray<string>
  readonly rootfsPropagation?: string
}

export interface Namespace {
  readonly type: 'pid' | 'ipc' | 'uts' | 'mount' | 'network' | 'cgroup' | 'user'
  readonly path?: string
}

export interface IdMapping {
  readonly containerID: number
  readonly hostID: number
  readonly size: number
}

export interface Device {
  readonly path: string
  readonly type: string
  readonly major: number
  readonly minor: number
  readonly fileMode: number
  readonly uid: number
  readonly gid: number
}

/** A seccomp filter (config-linux.md, "Seccomp"). */
export interface Seccomp {
  readonly defaultAction: string
  readonly defaultErrnoRet?: number
  readonly architectures?: ReadonlyArray<string>
  readonly flags?: ReadonlyArray<string>
  readonly listenerPath?: string
  readonly listenerMetadata?: string
  readonly syscalls: ReadonlyArray<SyscallRule>
}

export interface SyscallRule {
  readonly names: ReadonlyArray<string>
  readonly action: string
  readonly errnoRet?: number
  readonly args?: ReadonlyArray<SyscallArg>
}

export interface SyscallArg {
  readonly index: number
  readonly value: number
  readonly valueTwo?: number
  readonly op: string
}
