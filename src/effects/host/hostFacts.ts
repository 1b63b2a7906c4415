import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cpus, hostname, networkInterfaces, release } from 'node:os'

import { ALL_CAPABILITIES } from '../../core/domain/capabilities'
import { HostFacts } from '../../core/facts/Facts'
import { ARCHITECTURE } from './architecture'
import { hasApparmor, hasSelinux } from './securityModules'

/** What this host is and what it can grant: read from /proc and /sys, in well under a millisecond. */
export const hostFacts = (): HostFacts => {
  const cores = cpus()
  const mhz = cores.reduce((sum, { speed }) => sum + speed, 0)
  const limits = hardLimits()
  const granted = capabilities()
  const resolver = resolvConf()
  return {
    architecture: ARCHITECTURE,
    kernel: release(),
    cgroups: cgroups(),
    swapAccounting: swapAccounting(),
    cpuMhz: mhz,
    cpuCores: cores.length,
    resolvConf: resolver,
    resolvConfText: read(resolver),
    hostname: hostname(),
    hostsText: read('/etc/hosts'),
    addresses: addresses(),
    capabilities: granted,
    openFilesLimit: granted.includes('CAP_SYS_RESOURCE')
      ? mostOpenFiles()
      : (limits['RLIMIT_NOFILE'] ?? mostOpenFiles()),
    hardLimits: limits,
    apparmor: hasApparmor(),
    selinux: hasSelinux()
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
const STUBS: ReadonlyArray<string> = ['127.0.0.53', '127.0.0.54']

// systemd-resolved listens on the host's loopback, out of reach from another network namespace; whom it asks is there.
const resolvConf = (): string => {
  const isStub = read('/etc/resolv.conf').split('\n').some((line) => {
    const [word, server = ''] = line.trim().split(/\s+/)
    return word === 'nameserver' && STUBS.includes(server)
  })
  return isStub && existsSync(SYSTEMD_RESOLV) ? SYSTEMD_RESOLV : '/etc/resolv.conf'
}

/** The first address of each family of the device that the default route leaves by; of any device where none does. */
const addresses = (): ReadonlyArray<string> => {
  const [device = ''] = read('/proc/net/route').split('\n').map((line) => line.split('\t'))
    .flatMap(([name = '', destination]) => (destination === '00000000' ? [name] : []))
  const all = networkInterfaces()
  const own = (all[device] ?? Object.values(all).flatMap((some) => some ?? [])).filter(
    ({ internal, address }) => !internal && !address.startsWith('fe80:')
  )
  return ['IPv4', 'IPv6'].flatMap((kind) => own.find(({ family }) => family === kind)?.address ?? [])
}

/** The capabilities in this process's bounding set: no container can have more. */
const capabilities = (): ReadonlyArray<string> => {
  const mask = BigInt(`0x${/^CapBnd:\s*([0-9a-f]+)$/m.exec(read('/proc/self/status'))?.[1] ?? '0'}`)
  return ALL_CAPABILITIES.filter((_name, bit) => (mask & (1n << BigInt(bit))) !== 0n)
}

const USUAL_NR_OPEN = 1_048_576

// CAP_SYS_RESOURCE lifts every limit but this ceiling.
const mostOpenFiles = (): number => Number(read('/proc/sys/fs/nr_open')) || USUAL_NR_OPEN

/** The names that /proc/self/limits has for limits (fs/proc/base.c). */
const TITLES: Readonly<Record<string, string>> = {
  'Max cpu time': 'CPU',
  'Max file size': 'FSIZE',
  'Max data size': 'DATA',
  'Max stack size': 'STACK',
  'Max core file size': 'CORE',
  'Max resident set': 'RSS',
  'Max processes': 'NPROC',
  'Max open files': 'NOFILE',
  'Max locked memory': 'MEMLOCK',
  'Max address space': 'AS',
  'Max file locks': 'LOCKS',
  'Max pending signals': 'SIGPENDING',
  'Max msgqueue size': 'MSGQUEUE',
  'Max nice priority': 'NICE',
  'Max realtime priority': 'RTPRIO',
  'Max realtime timeout': 'RTTIME'
}

/** The hard limits of this process, by RLIMIT_ name; one that is unlimited is not there. */
const hardLimits = (): Readonly<Record<string, number>> =>
  Object.fromEntries(read('/proc/self/limits').split('\n').flatMap((line) => {
    const [, title = '', hard = ''] = /^(\S.*?)\s{2,}\S+\s+(\d+)/.exec(line) ?? []
    const name = TITLES[title]
    return name === undefined ? [] : [[`RLIMIT_${name}`, Number(hard)]]
  }))
