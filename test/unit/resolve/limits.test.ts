import * as Allocation from '../../../src/core/decode/Allocation'
import { none } from '../../../src/core/facts/Facts'
import { SAMPLE_HOST } from '../../../src/core/facts/sampleFacts'
import { cgroupsPathOf, limitsOf } from '../../../src/core/resolve/limits'
import { requestOf, rightOf } from '../../../src/testing/facts'

const MIB = 1024 * 1024

const allocationOf = (memory: object, linuxResources: object = {}): Allocation.Allocation =>
  rightOf(Allocation.codec.decode({ id: 'i', name: 'web', allocDir: '/a', resources: { allocatedResources: { memory }, linuxResources } }))

const limitsFor = (memory: object, linux: object = {}, host = SAMPLE_HOST, task: object = {}): ReturnType<typeof limitsOf> =>
  limitsOf(requestOf({
    task: { image: 'redis', ...task }, plugin: { containerd_runtime: 'r' },
    allocation: { id: 'i', name: 'web', allocDir: '/a', resources: { allocatedResources: { memory }, linuxResources: linux } }
  }), none, host)

describe('memory', () => {
  it.each<readonly [string, object, object, number, number]>([
    ['memory alone is the limit', { memoryMb: 256 }, {}, 256 * MIB, 0],
    ['memory_max is the limit, memory is reserved', { memoryMb: 256, memoryMaxMb: 512 }, {}, 512 * MIB, 256 * MIB],
    ['memory_max = -1 is no limit', { memoryMb: 256, memoryMaxMb: -1 }, {}, -1, 256 * MIB],
    ['int64 may be text', { memoryMb: '256', memoryMaxMb: '512' }, {}, 512 * MIB, 256 * MIB],
    ['snake_case is proto3 JSON too', { memory_mb: 256, memory_max_mb: 512 }, {}, 512 * MIB, 256 * MIB],
    ['without either, what Nomad says of the cgroup', {}, { memoryLimitBytes: '1048576' }, MIB, 0],
    ['without anything, no limit', {}, {}, -1, 0]
  ])('%s', (_what, memory, linux, memoryLimitBytes, memoryReservationBytes) => {
    expect(rightOf(limitsFor(memory, linux))).toMatchObject({ cpuShares: 2, cpus: '', memoryLimitBytes, memoryReservationBytes, pids: undefined, cpuQuota: undefined })
  })
})

describe('CPU', () => {
  it.each([
    [500, 8000, 500], [0, 8000, 2], [1, 8000, 2], [-5, 8000, 2], [262_144, 262_144, 262_144], [300_000, 262_144, 262_144],
    [500_000, 1_000_000, 131_072], [1_000_000, 1_000_000, 262_144], [1, 1_000_000, 2]
  ])('%d MHz of %d are %d shares', (cpuShares, cpuMhz, shares) => {
    expect(rightOf(limitsFor({}, { cpuShares, cpusetCpus: '0-3' }, { ...SAMPLE_HOST, cpuMhz }))).toMatchObject({ cpuShares: shares, cpus: '0-3' })
  })
})

describe('the cgroup', () => {
  it.each<readonly ['v1' | 'v2', string, string]>([
    ['v2', '/sys/fs/cgroup/nomad.slice/share.slice/a.web.scope', '/nomad.slice/share.slice/a.web.scope'],
    ['v2', '/sys/fs/cgroup/nomad.slice/reserve.slice/a.web.scope', '/nomad.slice/reserve.slice/a.web.scope'],
    ['v2', '', '/nomad/web-1'], ['v2', 'nomad.slice/x', '/nomad/web-1'], ['v2', '/sys/fs/cgroupish/x', '/nomad/web-1'],
    ['v1', '/sys/fs/cgroup/cpuset/nomad/share', '/nomad/web-1'], ['v1', '/sys/fs/cgroup/cpuset/nomad/shared', '/nomad/web-1'],
    ['v1', '/sys/fs/cgroup/cpuset/nomad/reserve/a.web', '/nomad/web-1'], ['v1', '/sys/fs/cgroup/cpuset/team/nomad/reserved/a.web', '/team/nomad/web-1'],
    ['v1', '', '/nomad/web-1'], ['v1', '/sys/fs/cgroup/memory/other/share', '/nomad/web-1']
  ])('%s with %j is at %s', (cgroups, cpusetCgroup, path) => {
    expect(cgroupsPathOf(allocationOf({}, { cpusetCgroup }), { ...SAMPLE_HOST, cgroups }, 'web-1')).toBe(path)
  })
})
