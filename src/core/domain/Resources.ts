/** The resources of a cgroup (config-linux.md, "Control groups"), as far as this compiler writes them. */
export interface Resources {
  readonly cpu: Cpu
  readonly memory: Memory
  readonly pids?: { readonly limit: number }
  readonly blockIO?: BlockIO
  readonly unified?: Readonly<Record<string, string>>
  readonly devices: ReadonlyArray<DeviceRule>
}

/** `quota` and `period` in microseconds. */
export interface Cpu {
  readonly shares: number
  readonly quota?: number
  readonly period?: number
  readonly cpus?: string
  readonly mems?: string
}

/** In bytes; `swap` is memory and swap together, -1 is no limit. */
export interface Memory {
  readonly limit?: number
  readonly reservation?: number
  readonly swap?: number
  readonly swappiness?: number
}

export interface BlockIO {
  readonly weight?: number
  readonly weightDevice?: ReadonlyArray<WeightDevice>
  readonly throttleReadBpsDevice?: ReadonlyArray<ThrottleDevice>
  readonly throttleWriteBpsDevice?: ReadonlyArray<ThrottleDevice>
  readonly throttleReadIOPSDevice?: ReadonlyArray<ThrottleDevice>
  readonly throttleWriteIOPSDevice?: ReadonlyArray<ThrottleDevice>
}

export interface WeightDevice {
  readonly major: number
  readonly minor: number
  readonly weight: number
}

export interface ThrottleDevice {
  readonly major: number
  readonly minor: number
  readonly rate: number
}

export interface DeviceRule {
  readonly allow: boolean
  readonly access: string
  readonly type?: string
  readonly major?: number
  readonly minor?: number
}
