/** One reading of a cgroup, in one unit for both versions: nanoseconds and bytes. */
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
  readonly swap: number
  readonly usage: number
  readonly maxUsage: number
}

/** What Nomad shows of a task. `percent` of one core: 400 is four cores busy. `ticks` in MHz. */
export interface Stats extends Reading {
  readonly percent: number
  readonly userPercent: number
  readonly systemPercent: number
  readonly ticks: number
}

const NS_PER_MS = 1e6

/** Two readings as usage. The first reading of a task has no predecessor and reports no CPU. */
export const statsOf = (before: Reading | undefined, now: Reading, mhzPerCore: number): Stats => {
  const wallNs = before === undefined ? 0 : (now.atMs - before.atMs) * NS_PER_MS
  const percentOf = (pick: (reading: Reading) => number): number =>
    before === undefined || wallNs <= 0 ? 0 : (Math.max(0, pick(now) - pick(before)) / wallNs) * 100
  const percent = percentOf(({ cpuNs }) => cpuNs)
  return {
    ...now,
    percent,
    userPercent: percentOf(({ userNs }) => userNs),
    systemPercent: percentOf(({ systemNs }) => systemNs),
    ticks: (percent / 100) * mhzPerCore
  }
}
