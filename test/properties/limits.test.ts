import * as fc from 'fast-check'

import { Allocation } from '../../src/core/decode/Allocation'
import { HostFacts, none } from '../../src/core/facts/Facts'
import { SAMPLE_HOST } from '../../src/core/facts/sampleFacts'
import { cgroupsPathOf, limitsOf } from '../../src/core/resolve/limits'
import { Limits } from '../../src/core/resolve/Task'
import { containerIdOf } from '../../src/core/wanted/identity'
import { cases, compiledOf, requestOf, rightOf } from '../../src/testing/facts'
import { anyText } from '../../src/testing/ofFields'
import { idIsAnIdentifier } from '../laws/spec'

const MIB = 1024 * 1024

const allocations = cases.map(({ request }) => request.allocation)

const withMemory = (allocation: Allocation, memoryMb: number, memoryMaxMb: number): Allocation => ({
  ...allocation,
  resources: { ...allocation.resources, allocatedResources: { ...allocation.resources.allocatedResources, memory: { memoryMb, memoryMaxMb } } }
})

const withCpu = (allocation: Allocation, cpuShares: number): Allocation => ({
  ...allocation,
  resources: { ...allocation.resources, linuxResources: { ...allocation.resources.linuxResources, cpuShares } }
})

/** The limits of a task that asks for nothing itself. */
const limitsFor = (allocation: Allocation, host: HostFacts): Limits =>
  rightOf(limitsOf({ ...requestOf({ task: { image: 'redis' }, plugin: { containerd_runtime: 'r' }, allocation: PLAIN }), allocation }, none, host))

const PLAIN = { id: 'i', name: 'web', allocDir: '/a' }

const memoryOf = (allocation: Allocation): Pick<Limits, 'memoryLimitBytes' | 'memoryReservationBytes'> => {
  const { memoryLimitBytes, memoryReservationBytes } = limitsFor(allocation, SAMPLE_HOST)
  return { memoryLimitBytes, memoryReservationBytes }
}

const mebibytes = fc.integer({ min: 1, max: 1_000_000 })

describe('memory is what Nomad allocated', () => {
  it('without memory_max, `memory` is the limit and nothing is reserved', () => {
    fc.assert(fc.property(allocations, mebibytes, (allocation, mb) => {
      expect(memoryOf(withMemory(allocation, mb, 0))).toEqual({ memoryLimitBytes: mb * MIB, memoryReservationBytes: 0 })
    }))
  })

  it('with memory_max, that is the limit and `memory` is reserved', () => {
    fc.assert(fc.property(allocations, mebibytes, mebibytes, (allocation, mb, more) => {
      expect(memoryOf(withMemory(allocation, mb, mb + more))).toEqual({ memoryLimitBytes: (mb + more) * MIB, memoryReservationBytes: mb * MIB })
    }))
  })

  it('memory_max = -1 has no limit', () => {
    fc.assert(fc.property(allocations, mebibytes, (allocation, mb) => {
      expect(memoryOf(withMemory(allocation, mb, -1))).toEqual({ memoryLimitBytes: -1, memoryReservationBytes: mb * MIB })
    }))
  })
})

describe('CPU is what Nomad allocated', () => {
  const shares = (allocation: Allocation, mhz: number, cpuMhz: number): number =>
    limitsFor(withCpu(allocation, mhz), { ...SAMPLE_HOST, cpuMhz }).cpuShares

  it('shares are always between 2 and 262144', () => {
    fc.assert(fc.property(allocations, fc.maxSafeInteger(), fc.integer({ min: 1 }), (allocation, mhz, cpuMhz) => {
      const got = shares(allocation, mhz, cpuMhz)
      expect(Number.isInteger(got) && got >= 2 && got <= 262_144).toBe(true)
    }))
  })

  it('more MHz never gives fewer shares', () => {
    fc.assert(fc.property(allocations, fc.nat(), fc.nat(), fc.integer({ min: 1 }), (allocation, a, b, cpuMhz) => {
      expect(shares(allocation, Math.min(a, b), cpuMhz)).toBeLessThanOrEqual(shares(allocation, Math.max(a, b), cpuMhz))
    }))
  })

  it('a host of no more than 262144 MHz gives a share for each MHz', () => {
    fc.assert(fc.property(allocations, fc.integer({ min: 2, max: 262_144 }), fc.integer({ min: 1, max: 262_144 }), (allocation, mhz, cpuMhz) => {
      expect(shares(allocation, mhz, cpuMhz)).toBe(mhz)
    }))
  })

  it('a task that gets a whole larger host gets every share', () => {
    fc.assert(fc.property(allocations, fc.integer({ min: 262_145, max: 10_000_000 }), (allocation, cpuMhz) => {
      expect(shares(allocation, cpuMhz, cpuMhz)).toBe(262_144)
    }))
  })
})

describe('what the job adds about the CPU', () => {
  it('a hard limit is the task\'s part of every core in each period, and never below a millisecond', () => {
    fc.assert(fc.property(cases, (given) => {
      const { cpu } = compiledOf(given).spec.linux.resources
      const { task, allocation } = given.request
      const host = given.facts.host ?? SAMPLE_HOST
      if (!task.cpu_hard_limit) { expect([cpu.quota, cpu.period]).toEqual([undefined, undefined]); return }
      const { PercentTicks: told, cpuShares } = allocation.resources.linuxResources
      const part = told > 0 ? told : Math.max(0, cpuShares) / host.cpuMhz
      expect(cpu.period).toBe(task.cpu_cfs_period)
      expect(cpu.quota).toBeGreaterThanOrEqual(1000)
      expect(Math.abs((cpu.quota ?? 0) - Math.max(1000, part * task.cpu_cfs_period * host.cpuCores))).toBeLessThanOrEqual(host.cpuCores)
    }))
  })

  it('reserved cores are the set of CPUs, else the job\'s own set, else every core', () => {
    fc.assert(fc.property(cases, (given) => {
      const reserved = given.request.allocation.resources.linuxResources.cpusetCpus
      expect(compiledOf(given).spec.linux.resources.cpu.cpus ?? '').toBe(reserved === '' ? (given.request.task.cpuset_cpus ?? '') : reserved)
    }))
  })

  it('more shares never give less weight on cgroup v2, by the conversion of runc', () => {
    const weight = (shares: number): number => 1 + Math.floor(((shares - 2) * 9999) / 262_142)
    fc.assert(fc.property(fc.integer({ min: 2, max: 262_144 }), fc.integer({ min: 2, max: 262_144 }), (a, b) => {
      expect(weight(Math.min(a, b))).toBeLessThanOrEqual(weight(Math.max(a, b)))
      expect(weight(a) >= 1 && weight(a) <= 10_000).toBe(true)
    }))
  })
})

describe('a container is named after its task', () => {
  const anyName = fc.oneof(anyText, fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom('', '-', '--', '...', 'é', '\ud800', '_a_'))
  const named = fc.tuple(allocations, anyName, anyName, fc.oneof(anyName, fc.constant(''))).map(([base, id, name, allocId]): Allocation => ({ ...base, id, name, allocId }))

  it('containerd takes the id, whatever the task is called', () => {
    fc.assert(fc.property(named, (allocation) => { expect(idIsAnIdentifier({ id: containerIdOf(allocation) } as never)).toEqual([]) }))
  })

  it('two tasks never share an id, however alike their names are', () => {
    fc.assert(fc.property(named, fc.uuid(), fc.uuid(), (allocation, one, other) => {
      fc.pre(one !== other)
      expect(containerIdOf({ ...allocation, id: `${one}/web/1` })).not.toBe(containerIdOf({ ...allocation, id: `${other}/web/1` }))
    }))
  })

  it('the same task always has the same id', () => {
    fc.assert(fc.property(named, (allocation) => { expect(containerIdOf({ ...allocation })).toBe(containerIdOf(allocation)) }))
  })

  it("its cgroup never lands under containerd's own: the path is absolute", () => {
    fc.assert(fc.property(named, fc.constantFrom('v1' as const, 'v2' as const), (allocation, cgroups) => {
      expect(cgroupsPathOf(allocation, { ...SAMPLE_HOST, cgroups }, containerIdOf(allocation))).toMatch(/^\/./)
    }))
  })
})
