/** What one process used until now: time in nanoseconds, memory in bytes. */
export interface ProcessReading {
  readonly pid: number
  readonly userNs: number
  readonly systemNs: number
  readonly rss: number
}

/**
 * One reading of a cgroup, in one unit for both versions: nanoseconds and bytes. Times and counts are sums since it was
 * made. What this kernel or its runtime does not tell is undefined.
 */
export interface Reading {
  readonly atMs: number
  readonly cgroups: 'v1' | 'v2'
  readonly cpuNs: number
  readonly userNs: number
  readonly systemNs: number
  readonly throttledPeriods: number
  readonly throttledNs: number
  readonly rss: number
  readonly cache: number
  readonly swap: number | undefined
  readonly usage: number
  readonly maxUsage: number | undefined
  readonly kernel: number | undefined
  readonly kernelMax: number | undefined
  /** How many processes the kernel killed for want of memory. */
  readonly oomKills: number | undefined
  /** The processes of the cgroup itself, as far as they were looked at. */
  readonly processes: ReadonlyArray<ProcessReading>
}
