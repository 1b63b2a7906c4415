import { fieldIn, pidsIn, processIn, readingV1, readingV2, TextOf, wholeIn } from '../../../src/core/watch/cgroupTexts'

const texts = (files: Readonly<Record<string, string>>): TextOf => (file) => files[file]

const V1 = {
  'cpuacct.usage': '12345678901\n',
  'cpuacct.stat': 'user 1000\nsystem 234\n',
  'cpu.stat': 'nr_periods 50\nnr_throttled 7\nthrottled_time 8000000\n',
  'memory.stat': 'cache 1\nrss 2\nswap 3\nhierarchical_memory_limit 9223372036854771712\ntotal_cache 4096\ntotal_rss 8192\ntotal_swap 512\n',
  'memory.usage_in_bytes': '20480\n',
  'memory.max_usage_in_bytes': '40960\n',
  'memory.kmem.usage_in_bytes': '1024\n',
  'memory.kmem.max_usage_in_bytes': '2048\n',
  'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 3\n'
}

const V2 = {
  'cpu.stat': 'usage_usec 12345678\nuser_usec 10000000\nsystem_usec 2345678\nnr_periods 50\nnr_throttled 7\nthrottled_usec 8000\n',
  'memory.stat': 'anon 8192\nfile 4096\nkernel 3000\nkernel_stack 1000\npagetables 500\nslab 1500\n',
  'memory.current': '20480\n',
  'memory.peak': '40960\n',
  'memory.swap.current': '512\n',
  'memory.events': 'low 0\nhigh 9\nmax 30\noom 4\noom_kill 3\noom_group_kill 0\n'
}

const COMMON = {
  atMs: 5, throttledPeriods: 7, throttledNs: 8_000_000, rss: 8192, cache: 4096, swap: 512, usage: 20480, maxUsage: 40960, oomKills: 3, processes: []
}

describe('a reading in nanoseconds and bytes', () => {
  it('of the files of v1, with what child cgroups use', () => {
    expect(readingV1(texts(V1), 5, [])).toEqual({
      ...COMMON, cgroups: 'v1', cpuNs: 12_345_678_901, userNs: 10_000_000_000, systemNs: 2_340_000_000, kernel: 1024, kernelMax: 2048
    })
  })

  it('of the files of v2', () => {
    expect(readingV2(texts(V2), 5, [])).toEqual({
      ...COMMON, cgroups: 'v2', cpuNs: 12_345_678_000, userNs: 10_000_000_000, systemNs: 2_345_678_000, kernel: 3000, kernelMax: undefined
    })
  })

  it('says that it does not know what a kernel does not tell', () => {
    const { 'memory.stat': _stat, 'memory.kmem.usage_in_bytes': _kmem, 'memory.kmem.max_usage_in_bytes': _max, ...old1 } = V1
    const control = 'oom_kill_disable 0\nunder_oom 0\n'
    expect(readingV1(texts({ ...old1, 'memory.oom_control': control }), 5, [])).toMatchObject({ swap: undefined, kernel: undefined, kernelMax: undefined, rss: 0, oomKills: undefined })
    const { 'memory.peak': _peak, 'memory.swap.current': _swap, ...old2 } = V2
    const stat = 'anon 1\nkernel_stack 1000\nslab 1500\n'
    expect(readingV2(texts({ ...old2, 'memory.stat': stat }), 5, [])).toMatchObject({ swap: undefined, maxUsage: undefined, kernel: 2500 })
    expect(readingV2(texts({ ...old2, 'memory.stat': 'anon 1\n' }), 5, [])).toMatchObject({ kernel: undefined })
  })

  it('is none of a cgroup that is not there', () => {
    for (const read of [readingV1, readingV2]) expect(read(() => undefined, 5, [])).toBeUndefined()
  })
})

describe('a text of the kernel', () => {
  it('has a number by its whole name only', () => {
    const text = 'rss_huge 1\nrss 2\ntotal_rss 3\n'
    expect([fieldIn(text, 'rss'), fieldIn(text, 'total_rss'), fieldIn(text, 'rss_huge'), fieldIn(text, 'huge')]).toEqual([2, 3, 1, undefined])
    expect(fieldIn(undefined, 'rss')).toBeUndefined()
  })

  it('holds a number, or none', () => {
    expect([wholeIn('42\n'), wholeIn('max\n'), wholeIn(''), wholeIn(undefined)]).toEqual([42, undefined, undefined, undefined])
  })

  it('lists processes, of which one that was cut off is none, and no more than are wanted', () => {
    expect(pidsIn('1\n22\n333\n4', 9)).toEqual([1, 22, 333])
    expect(pidsIn('1\n22\n333\n', 2)).toEqual([1, 22])
    expect(pidsIn('', 9)).toEqual([])
  })

  it('says of a process what it used, whatever its name is', () => {
    const stat = '7 (a) b (c)) S 1 7 7 0 -1 4194560 100 0 0 0 25 13 0 0 20 0 1 0 100 4096000 321 18446744073709551615 1 1\n'
    expect(processIn(7, stat, 4096)).toEqual({ pid: 7, userNs: 250_000_000, systemNs: 130_000_000, rss: 321 * 4096 })
    expect(processIn(7, '', 4096)).toBeUndefined()
  })
})
