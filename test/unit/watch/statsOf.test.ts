import { ProcessReading, Reading } from '../../../src/core/watch/Reading'
import { statsOf } from '../../../src/core/watch/statsOf'

const reading = (atMs: number, cpuNs: number, userNs = 0, systemNs = 0, processes: ReadonlyArray<ProcessReading> = []): Reading => ({
  atMs, cpuNs, userNs, systemNs, cgroups: 'v2', throttledPeriods: 1, throttledNs: 2, rss: 3, cache: 4, swap: 5, usage: 6,
  maxUsage: 7, kernel: 8, kernelMax: undefined, oomKills: 0, processes
})

it.each<readonly [string, Reading | undefined, Reading, number, number, number, number]>([
  ['the first reading reports no CPU', undefined, reading(1000, 9e9), 0, 0, 0, 0],
  ['one core busy', reading(0, 0), reading(1000, 1e9), 100, 0, 0, 2000],
  ['four cores busy', reading(0, 1e9), reading(1000, 5e9), 400, 0, 0, 8000],
  ['half a core, in user and system', reading(0, 0), reading(2000, 1e9, 6e8, 4e8), 50, 30, 20, 1000],
  ['idle', reading(0, 5), reading(1000, 5), 0, 0, 0, 0],
  ['a counter that went back', reading(0, 9e9), reading(1000, 1e9), 0, 0, 0, 0],
  ['no time has passed', reading(1000, 0), reading(1000, 1e9), 0, 0, 0, 0],
  ['a clock that went back', reading(2000, 0), reading(1000, 1e9), 0, 0, 0, 0]
])('%s', (_what, before, now, percent, userPercent, systemPercent, ticks) => {
  expect(statsOf(before, now, 2000)).toEqual({ reading: now, percent, userPercent, systemPercent, ticks, processes: [] })
})

it('each process has its share; one that was not there before has none yet', () => {
  const process = (pid: number, userNs: number, systemNs: number): ProcessReading => ({ pid, userNs, systemNs, rss: pid })
  const before = reading(0, 0, 0, 0, [process(7, 1e9, 1e9), process(8, 0, 0)])
  const now = reading(2000, 2e9, 0, 0, [process(7, 2e9, 1.5e9), process(9, 1e9, 0)])
  expect(statsOf(before, now, 2000).processes).toEqual([
    { pid: 7, rss: 7, percent: 75, userPercent: 50, systemPercent: 25 },
    { pid: 9, rss: 9, percent: 0, userPercent: 0, systemPercent: 0 }
  ])
})
