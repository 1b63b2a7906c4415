import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'

import { namesOf } from '../../laws/kernel/capabilities'
import { membersOf } from '../../laws/kernel/cgroup'

/** What this machine can give to a container. */
export interface Host {
  readonly version: 'v1' | 'v2'
  readonly capabilities: ReadonlyArray<string>
  /** The highest value of a limit that can be set; Infinity where nothing bounds it. */
  readonly highest: (rlimit: string) => number
  readonly lowestOomScore: number
  readonly cpus: ReadonlyArray<number>
  readonly memoryNodes: ReadonlyArray<number>
  readonly apparmor: boolean
  readonly selinux: boolean
  /** Disks that IO limits can name, as "major:minor". */
  readonly disks: ReadonlyArray<string>
  readonly ioWeight: boolean
  readonly domainname: boolean
  /** The flags of a seccomp filter that the runtime knows. */
  readonly seccompFlags: ReadonlyArray<string>
  readonly fileSystems: ReadonlyArray<string>
  readonly exists: (path: string) => boolean
}

const CGROUP2 = 0x63677270
const LOWEST_OOM_SCORE = -1000

/** Looks at this machine. */
export const lookAround = (): Host => {
  const version = fs.statfsSync('/sys/fs/cgroup').type === CGROUP2 ? 'v2' : 'v1'
  const capabilities = namesOf(statusOf('CapBnd'))
  const mighty = capabilities.includes('CAP_SYS_RESOURCE')
  return {
    version,
    capabilities,
    highest: (rlimit) => highest(rlimit, mighty),
    lowestOomScore: mighty ? LOWEST_OOM_SCORE : Number(read('/proc/self/oom_score_adj')),
    cpus: membersOf(read('/sys/devices/system/cpu/online')),
    memoryNodes: membersOf(read('/sys/devices/system/node/online') || '0'),
    apparmor: read('/sys/module/apparmor/parameters/enabled') === 'Y' && fs.existsSync('/sys/kernel/security/apparmor'),
    selinux: fs.existsSync('/sys/fs/selinux/enforce'),
    disks: disks(),
    ioWeight: version === 'v1' ? hasWeight('/sys/fs/cgroup/blkio', ['blkio.weight', 'blkio.bfq.weight']) : childHasWeight(),
    domainname: Number(/spec: (\d+\.\d+)/.exec(runc('--version'))?.[1] ?? 0) >= 1.1,
    seccompFlags: (JSON.parse(runc('features') || '{}') as Features).linux?.seccomp?.supportedFlags ?? [],
    fileSystems: ['cgroup', ...read('/proc/filesystems').split('\n').map((line) => line.split('\t')[1] ?? '')],
    exists: (path) => fs.existsSync(path)
  }
}

const read = (path: string): string => {
  try {
    return fs.readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}

const statusOf = (name: string): string | undefined =>
  read('/proc/self/status').split('\n').find((line) => line.startsWith(`${name}:`))?.split(/\s+/)[1]

const TITLES: Readonly<Record<string, string>> = {
  RLIMIT_CPU: 'Max cpu time', RLIMIT_FSIZE: 'Max file size', RLIMIT_DATA: 'Max data size', RLIMIT_STACK: 'Max stack size',
  RLIMIT_CORE: 'Max core file size', RLIMIT_RSS: 'Max resident set', RLIMIT_NPROC: 'Max processes', RLIMIT_NOFILE: 'Max open files',
  RLIMIT_MEMLOCK: 'Max locked memory', RLIMIT_AS: 'Max address space', RLIMIT_LOCKS: 'Max file locks', RLIMIT_SIGPENDING: 'Max pending signals',
  RLIMIT_MSGQUEUE: 'Max msgqueue size', RLIMIT_NICE: 'Max nice priority', RLIMIT_RTPRIO: 'Max realtime priority', RLIMIT_RTTIME: 'Max realtime timeout'
}

const highest = (rlimit: string, mighty: boolean): number => {
  const bound = rlimit === 'RLIMIT_NOFILE' ? Number(read('/proc/sys/fs/nr_open')) : Infinity
  const title = TITLES[rlimit]
  if (mighty || title === undefined) return bound
  const hard = read('/proc/self/limits').split('\n').find((line) => line.startsWith(title))?.slice(title.length).trim().split(/\s+/)[1]
  return Math.min(bound, hard === 'unlimited' || hard === undefined ? Infinity : Number(hard))
}

// No partitions, no RAM disks: IO limits are for what has a queue.
const disks = (): ReadonlyArray<string> =>
  list('/sys/block').filter((name) => !/^(?:ram|loop|zram|sr)/.test(name)).map((name) => read(`/sys/block/${name}/dev`))

const list = (directory: string): ReadonlyArray<string> => (fs.existsSync(directory) ? fs.readdirSync(directory) : [])

const hasWeight = (directory: string, names: ReadonlyArray<string>): boolean => names.some((name) => fs.existsSync(`${directory}/${name}`))

const childHasWeight = (): boolean =>
  list('/sys/fs/cgroup').some((child) => hasWeight(`/sys/fs/cgroup/${child}`, ['io.weight', 'io.bfq.weight']))

interface Features {
  readonly linux?: { readonly seccomp?: { readonly supportedFlags?: ReadonlyArray<string> } }
}

// One that knows no features (before 1.1) says so on stderr only.
const runc = (what: string): string => {
  const found = spawnSync('runc', [what], { encoding: 'utf8' })
  if (found.error !== undefined) throw new Error(`runc cannot be started (${found.error.message}); install it with: bash scripts/install.sh test`)
  return found.status === 0 ? found.stdout : ''
}
