import { Allocation } from '../decode/Allocation'
import { clean } from '../domain/path'
import { about, Facts } from '../facts/Facts'

const CPUSET_V1 = '/sys/fs/cgroup/cpuset/'

/**
 * The file that says which cores Nomad left to tasks without cores of their own, on cgroup v1: Nomad names a cgroup of
 * the cpuset hierarchy, and the container's own is beside it, where every core is open. Undefined where the kernel
 * holds the task itself (v2: below Nomad's cgroup), or the task has cores (`cpuset_cpus`, `cores`).
 */
export const shareFile = (
  wanted: string | undefined, { resources: { linuxResources } }: Pick<Allocation, 'resources'>
): string | undefined => {
  const cgroup = clean(linuxResources.cpusetCgroup)
  return wanted === undefined && linuxResources.cpusetCpus === '' && cgroup.startsWith(CPUSET_V1)
    ? `${cgroup}/cpuset.effective_cpus`
    : undefined
}

const LIST = /^\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*$/

/** The cores of a task: the job's, else Nomad's, else those that Nomad left to all; `""` is every core. */
export const cpusOf = (wanted: string | undefined, allocation: Pick<Allocation, 'resources'>, facts: Facts): string => {
  const file = shareFile(wanted, allocation)
  const answer = file === undefined ? undefined : about(facts.files, file)
  const left = answer?.kind === 'file' ? answer.text.trim() : ''
  return wanted ?? (allocation.resources.linuxResources.cpusetCpus || (LIST.test(left) ? left : ''))
}
