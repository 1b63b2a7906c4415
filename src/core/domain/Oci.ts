/** The parts of the OCI runtime spec (config.md, config-linux.md; 1.0.2) that this compiler writes. */
export interface Spec {
  readonly ociVersion: string
  readonly root: { readonly path: string; readonly readonly: boolean }
  readonly hostname?: string
  readonly process: Process
  readonly mounts: ReadonlyArray<Mount>
  readonly linux: Linux
}

export interface Process {
  readonly args: ReadonlyArray<string>
  readonly env: ReadonlyArray<string>
  readonly cwd: string
  readonly terminal: boolean
  readonly user: User
  readonly capabilities: Capabilities
  readonly rlimits: ReadonlyArray<Rlimit>
  readonly noNewPrivileges: boolean
}

export interface User {
  readonly uid: number
  readonly gid: number
  readonly additionalGids: ReadonlyArray<number>
}

export interface Capabilities {
  readonly bounding: ReadonlyArray<string>
  readonly effective: ReadonlyArray<string>
  readonly permitted: ReadonlyArray<string>
}

export interface Rlimit {
  readonly type: string
  readonly soft: number
  readonly hard: number
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
  readonly resources: Resources
  readonly devices?: ReadonlyArray<Device>
  readonly maskedPaths: ReadonlyArray<string>
  readonly readonlyPaths: ReadonlyArray<string>
  readonly rootfsPropagation?: string
}

export interface Namespace {
  readonly type: 'pid' | 'ipc' | 'uts' | 'mount' | 'network'
  readonly path?: string
}

export interface Resources {
  readonly cpu: { readonly shares: number; readonly cpus?: string }
  readonly memory: { readonly limit?: number; readonly reservation?: number; readonly swap?: number }
  readonly devices: ReadonlyArray<DeviceRule>
}

export interface DeviceRule {
  readonly allow: boolean
  readonly access: string
  readonly type?: string
  readonly major?: number
  readonly minor?: number
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
