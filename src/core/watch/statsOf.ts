import { ProcessReading, Reading } from './Reading'

/** Time as a share of one core: 400 is four cores busy. */
export interface Share {
  readonly percent: number
  readonly userPercent: number
  readonly systemPercent: number
}

export interface ProcessStats extends Share {
  readonly pid: number
  readonly rss: number
}

/** What Nomad shows of a task. `ticks` in MHz. */
export interface Stats extends Share {
  /** Times and memory as they were read. */
  readonly reading: Reading
  readonly ticks: number
  readonly processes: ReadonlyArray<ProcessStats>
}

const NS_PER_MS = 1e6

/**
 * Two readings as usage. The first reading of a task, and of a process of it, has no predecessor and reports no CPU.
 */
export const statsOf = (before: Reading | undefined, now: Reading, mhzPerCore: number): Stats => {
  const wallNs = before === undefined ? 0 : (now.atMs - before.atMs) * NS_PER_MS
  const percent = percentOf(before?.cpuNs, now.cpuNs, wallNs)
  return {
    reading: now,
    percent,
    userPercent: percentOf(before?.userNs, now.userNs, wallNs),
    systemPercent: percentOf(before?.systemNs, now.systemNs, wallNs),
    ticks: (percent / 100) * mhzPerCore,
    processes: now.processes.map((one) => ofProcess(one, before?.processes.find(({ pid }) => pid === one.pid), wallNs))
  }
}

const ofProcess = (now: ProcessReading, last: ProcessReading | undefined, wallNs: number): ProcessStats => {
  const userPercent = percentOf(last?.userNs, now.userNs, wallNs)
  const systemPercent = percentOf(last?.systemNs, now.systemNs, wallNs)
  return { pid: now.pid, rss: now.rss, percent: userPercent + systemPercent, userPercent, systemPercent }
}

// Counters go back when a number is given again, and clocks when somebody sets them.
const percentOf = (before: number | undefined, now: number, wallNs: number): number =>
  before === undefined || wallNs <= 0 ? 0 : (Math.max(0, now - before) / wallNs) * 100
