import { ProcessReading, Reading } from './Reading'

/** The text of a file of a cgroup by its name (v1: `cpuacct.usage`); undefined where there is no such file. */
export type TextOf = (file: string) => string | undefined

const NS_PER_US = 1000
// The unit in which the kernel shows times to programs, whatever its own is (USER_HZ).
const NS_PER_TICK = 1e7

/** The files that a reading needs, by the v1 controller that has them (Linux, admin-guide/cgroup-v1). */
export const FILES_V1 = {
  cpuacct: ['cpuacct.usage', 'cpuacct.stat'],
  cpu: ['cpu.stat'],
  memory: [
    'memory.stat', 'memory.usage_in_bytes', 'memory.max_usage_in_bytes', 'memory.kmem.usage_in_bytes',
    'memory.kmem.max_usage_in_bytes', 'memory.oom_control'
  ]
} as const

/** The files that a reading needs on v2 (Linux, admin-guide/cgroup-v2). */
export const FILES_V2 = [
  'cpu.stat', 'memory.stat', 'memory.current', 'memory.peak', 'memory.swap.current', 'memory.events'
] as const

/** How many processes of a cgroup the kernel killed for want of memory, as v1 (Linux 4.13 and later) and v2 tell. */
export const killsV1 = (text: TextOf): number | undefined => fieldIn(text('memory.oom_control'), 'oom_kill')

export const killsV2 = (text: TextOf): number | undefined => fieldIn(text('memory.events'), 'oom_kill')

/** One reading from the files of v1; undefined when the cgroup is not there. What its children use counts. */
export const readingV1 = (
  text: TextOf, atMs: number, processes: ReadonlyArray<ProcessReading>
): Reading | undefined => {
  const cpuNs = wholeIn(text('cpuacct.usage'))
  const usage = wholeIn(text('memory.usage_in_bytes'))
  if (cpuNs === undefined || usage === undefined) return undefined
  const [times, cpu, memory] = [text('cpuacct.stat'), text('cpu.stat'), text('memory.stat')]
  return {
    atMs,
    cgroups: 'v1',
    cpuNs,
    userNs: (fieldIn(times, 'user') ?? 0) * NS_PER_TICK,
    systemNs: (fieldIn(times, 'system') ?? 0) * NS_PER_TICK,
    throttledPeriods: fieldIn(cpu, 'nr_throttled') ?? 0,
    throttledNs: fieldIn(cpu, 'throttled_time') ?? 0,
    rss: fieldIn(memory, 'total_rss') ?? 0,
    cache: fieldIn(memory, 'total_cache') ?? 0,
    swap: fieldIn(memory, 'total_swap'),
    usage,
    maxUsage: wholeIn(text('memory.max_usage_in_bytes')),
    kernel: wholeIn(text('memory.kmem.usage_in_bytes')),
    kernelMax: wholeIn(text('memory.kmem.max_usage_in_bytes')),
    oomKills: killsV1(text),
    processes
  }
}

/** One reading from the files of v2; undefined when the cgroup is not there. */
export const readingV2 = (
  text: TextOf, atMs: number, processes: ReadonlyArray<ProcessReading>
): Reading | undefined => {
  const [cpu, memory] = [text('cpu.stat'), text('memory.stat')]
  const usedUs = fieldIn(cpu, 'usage_usec')
  const usage = wholeIn(text('memory.current'))
  if (usedUs === undefined || usage === undefined) return undefined
  return {
    atMs,
    cgroups: 'v2',
    cpuNs: usedUs * NS_PER_US,
    userNs: (fieldIn(cpu, 'user_usec') ?? 0) * NS_PER_US,
    systemNs: (fieldIn(cpu, 'system_usec') ?? 0) * NS_PER_US,
    throttledPeriods: fieldIn(cpu, 'nr_throttled') ?? 0,
    throttledNs: (fieldIn(cpu, 'throttled_usec') ?? 0) * NS_PER_US,
    rss: fieldIn(memory, 'anon') ?? 0,
    cache: fieldIn(memory, 'file') ?? 0,
    swap: wholeIn(text('memory.swap.current')),
    usage,
    maxUsage: wholeIn(text('memory.peak')),
    kernel: kernelIn(memory),
    kernelMax: undefined,
    oomKills: killsV2(text),
    processes
  }
}

// Linux before 5.18 tells no sum.
const kernelIn = (memory: string | undefined): number | undefined => {
  const stack = fieldIn(memory, 'kernel_stack')
  return fieldIn(memory, 'kernel') ?? (stack === undefined ? undefined : stack + (fieldIn(memory, 'slab') ?? 0))
}

/** The number that a file holds, and nothing else. */
export const wholeIn = (text: string | undefined): number | undefined => numberAt(text ?? '', 0)

/** The number behind a name, in a file that has one such pair a line. */
export const fieldIn = (text: string | undefined, name: string): number | undefined => {
  if (text === undefined) return undefined
  if (text.startsWith(`${name} `)) return numberAt(text, name.length + 1)
  const line = text.indexOf(`\n${name} `)
  return line < 0 ? undefined : numberAt(text, line + name.length + 2)
}

const DIGITS = 20

const numberAt = (text: string, start: number): number | undefined => {
  const number = Number.parseInt(text.slice(start, start + DIGITS), 10)
  return Number.isNaN(number) ? undefined : number
}

/** The first processes of a `cgroup.procs`; a line that was cut off is none. */
export const pidsIn = (text: string, most: number): ReadonlyArray<number> =>
  text.slice(0, text.lastIndexOf('\n') + 1).split('\n', most).flatMap((line) => (line === '' ? [] : [Number(line)]))

/** What the stat of a process in /proc says (proc(5)); undefined when it is none. */
export const processIn = (pid: number, stat: string, pageBytes: number): ProcessReading | undefined => {
  // The name stands in brackets and may hold brackets and spaces itself.
  const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ', RSS + 1)
  const rss = Number(fields[RSS])
  return fields.length <= RSS || Number.isNaN(rss)
    ? undefined
    : {
        pid, userNs: Number(fields[UTIME]) * NS_PER_TICK, systemNs: Number(fields[STIME]) * NS_PER_TICK,
        rss: rss * pageBytes
      }
}

// Places behind the name: fields 14, 15 and 24 of proc(5), which counts from 1 and the name as 2.
const UTIME = 11
const STIME = 12
const RSS = 21
