import { existsSync, readdirSync,readFileSync } from 'node:fs'
import { cpus, release } from 'node:os'

import { ALL_CAPABILITIES } from '../core/domain/capabilities'
import { HostFacts } from '../core/resolve/Facts'
import { ARCHITECTURE } from './image/Manifest'

/** What this host is and what it can grant: read from /proc and /sys, in well under a millisecond. */
export const hostFacts = (): HostFacts => {
  const cores = cpus()
  const mhz = cores.reduce((sum, { speed }) => sum + speed, 0)
  return {
    architecture: ARCHITECTURE,
    kernel: release(),
    cgroups: cgroups(),
    swapAccounting: swapAccounting(),
    cpuMhz: mhz,
    cpuCores: cores.length,
    resolvConf: resolvConf(),
    capabilities: capabilities(),
    openFilesLimit: openFilesLimit()
  }
}

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

const cgroups = (): 'v1' | 'v2' => (existsSync('/sys/fs/cgroup/cgroup.controllers') ? 'v2' : 'v1')

// On v2 the root group has no memory.swap.max; a child of any kind has it where swap is accounted.
const swapAccounting = (): boolean =>
  cgroups() === 'v1'
    ? existsSync('/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes')
    : readdirSync('/sys/fs/cgroup', { withFileTypes: true })
        .some((entry) => entry.isDirectory() && existsSync(`/sys/fs/cgroup/${entry.name}/memory.swap.max`))

const SYSTEMD_RESOLV = '/run/systemd/resolve/resolv.conf'

// A stub resolver on the host's loopback is out of reach from another network namespace.
const resolvConf = (): string => {
  const servers = read('/etc/resolv.conf').split('\n').filter((line) => line.startsWith('nameserver')).map((line) => line.split(/\s+/)[1])
  const onlyStub = servers.length === 1 && servers[0] === '127.0.0.53'
  return onlyStub && existsSync(SYSTEMD_RESOLV) ? SYSTEMD_RESOLV : '/etc/resolv.conf'
}

/** The capabilities in this process's bounding set: no container can have more. */
const capabilities = (): ReadonlyArray<string> => {
  const mask = BigInt(`0x${/^CapBnd:\s*([0-9a-f]+)$/m.exec(read('/proc/self/status'))?.[1] ?? '0'}`)
  return ALL_CAPABILITIES.filter((_name, bit) => (mask & (1n << BigInt(bit))) !== 0n)
}

const openFilesLimit = (): number => {
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(read('/proc/self/limits'))?.[1]
  return hard === undefined || hard === 'unlimited' ? 1_048_576 : Number(hard)
}
