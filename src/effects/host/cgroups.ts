import { readFileSync } from 'node:fs'

import { CgroupPlaces, Hierarchies, hierarchiesIn, placesOf } from '../../core/watch/cgroupPlaces'
import {
  FILES_V1, FILES_V2, killsV1, killsV2, pidsIn, processIn, readingV1, readingV2
} from '../../core/watch/cgroupTexts'
import { ProcessReading, Reading } from '../../core/watch/Reading'
import { KernelFile, KernelFiles, OpenKernelFile, pageBytes } from './kernelFiles'

/** The cgroup of a task, as long as it is there. */
export interface Cgroup {
  /** What it uses now; undefined when it is not there any more. */
  readonly read: (atMs: number) => Reading | undefined
  /** How many of its processes the kernel killed for want of memory; undefined when it is not there any more. */
  readonly oomKills: () => number | undefined
  readonly close: () => void
}

/** Opens the cgroup at a path of a spec; undefined when its files are not there. */
export type OpenCgroup = (path: string) => Cgroup | undefined

// A process is read in 15 µs, all else of a task in 40.
const MOST_PROCESSES = 32

/** The cgroups of this host. Where they are mounted is looked up once. */
export const Cgroups = (open: OpenKernelFile = KernelFiles()): OpenCgroup => {
  let hierarchies: Hierarchies | undefined
  const page = pageBytes()
  return (path) => {
    hierarchies ??= hierarchiesIn(readFileSync('/proc/self/mountinfo', 'utf8'))
    const places = placesOf(hierarchies, path)
    if (places === undefined) return undefined
    const cgroup = openCgroup(open, places, page)
    if (cgroup.read(0) !== undefined) return cgroup
    cgroup.close()
    return undefined
  }
}

const openCgroup = (open: OpenKernelFile, places: CgroupPlaces, page: number): Cgroup => {
  const files = new Map(pathsOf(places).map(([name, path]) => [name, open(path)]))
  const text = (name: string): string | undefined => files.get(name)?.text()
  const processes = Processes(open, places._tag === 'V1' ? places.memory : places.directory, page)
  const [read, kills] = places._tag === 'V1' ? [readingV1, killsV1] : [readingV2, killsV2]
  return {
    read: (atMs) => read(text, atMs, processes.read()),
    oomKills: () => kills(text),
    close: () => { for (const one of [...files.values(), processes]) one.close() }
  }
}

const pathsOf = (places: CgroupPlaces): ReadonlyArray<readonly [string, string]> =>
  places._tag === 'V2'
    ? FILES_V2.map((name) => [name, `${places.directory}/${name}`] as const)
    : (['cpu', 'cpuacct', 'memory'] as const).flatMap((controller) =>
        FILES_V1[controller].map((name) => [name, `${places[controller]}/${name}`] as const))

interface Processes {
  readonly read: () => ReadonlyArray<ProcessReading>
  readonly close: () => void
}

/** The processes of a cgroup, whose files are kept as long as they are in it. */
const Processes = (open: OpenKernelFile, directory: string, page: number): Processes => {
  const list = open(`${directory}/cgroup.procs`)
  let last = new Map<number, KernelFile>()
  const read = (): ReadonlyArray<ProcessReading> => {
    const pids = pidsIn(list.text() ?? '', MOST_PROCESSES)
    const files = new Map(pids.map((pid) => [pid, last.get(pid) ?? open(`/proc/${String(pid)}/stat`)]))
    for (const [pid, file] of last) if (!files.has(pid)) file.close()
    last = files
    return [...files].flatMap(([pid, file]) => {
      const stat = file.text()
      return stat === undefined ? [] : processIn(pid, stat, page) ?? []
    })
  }
  return { read, close: () => { for (const one of [...last.values(), list]) one.close() } }
}
