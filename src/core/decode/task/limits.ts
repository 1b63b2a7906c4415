import { says } from '../../field/About'
import * as F from '../../field/Field'
import * as K from '../../field/Kind'
import { deviceRates } from '../../value/kinds'

/** Most processes that Linux can count (PID_MAX_LIMIT). */
export const MAX_PIDS = 4_194_304

const MAX_MB = 2 ** 33
const CPU = ['spec.linux.resources.cpu']
const MEMORY = ['spec.linux.resources.memory']
const BLOCK_IO = ['spec.linux.resources.blockIO']
const V1 = 'cgroup v1; cgroup v2 has no such setting'

/** Limits of the container's cgroup beyond what `resources` asks for. */
export const limits = {
  pids_limit: F.optional(
    K.whole(-1, MAX_PIDS),
    says(
      "Most processes and threads that the container may have; -1, and 0 too, is no limit. The operator's `pids_limit` when left out, else unlimited.",
      ['spec.linux.resources.pids'],
      { policy: ['pids_limit'], example: 'pids_limit = 200' }
    )
  ),
  cpu_hard_limit: F.withDefault(
    K.flag,
    false,
    says('Never use more CPU than `resources` asks for, also when the host is idle.', CPU, {
      example: 'cpu_hard_limit = true'
    })
  ),
  cpu_cfs_period: F.withDefault(
    K.whole(1000, 1_000_000),
    100_000,
    says('Period in microseconds over which `cpu_hard_limit` counts.', CPU, { example: 'cpu_cfs_period = 50000' })
  ),
  cpuset_cpus: F.optional(
    K.text,
    says('CPUs that the task may run on, such as `0-3,7`. Excludes `resources { cores }`.', CPU, {
      example: 'cpuset_cpus = "0-3"'
    })
  ),
  cpuset_mems: F.optional(
    K.text,
    says('Memory nodes that the task may use, such as `0,1`.', CPU, { example: 'cpuset_mems = "0"' })
  ),
  memory_hard_limit: F.optional(
    K.whole(1, MAX_MB),
    says('Memory limit in MB, above what `resources` reserves.', MEMORY, {
      policy: ['memory_hard_limit'],
      example: 'memory_hard_limit = 1024'
    })
  ),
  memory_reservation: F.optional(
    K.size,
    says('Memory that the kernel tries to leave to the task.', MEMORY, { example: 'memory_reservation = "128m"' })
  ),
  memory_swap: F.optional(
    K.sizeOrUnlimited,
    says('Memory and swap together; `"-1"` is no limit. The memory limit when left out, which is no swap.', MEMORY, {
      since: 'a kernel that accounts swap',
      example: 'memory_swap = "1g"'
    })
  ),
  memory_swappiness: F.optional(
    K.whole(0, 100),
    says('How readily memory is swapped out, 0 to 100.', MEMORY, { since: V1, example: 'memory_swappiness = 0' })
  ),
  cgroup_conf: F.orEmpty(
    K.textMap,
    {},
    says('Raw settings of cgroup v2, by file name.', ['spec.linux.resources.unified', 'spec.ociVersion'], {
      since: 'cgroup v2, OCI runtime spec 1.1.0',
      policy: ['allow_cgroup_conf'],
      example: 'cgroup_conf = { "memory.high" = "500000000" }'
    })
  ),
  blkio_weight: F.optional(
    K.whole(10, 1000),
    says('Share of block I/O, 10 to 1000.', BLOCK_IO, {
      since: 'an I/O scheduler with weights',
      example: 'blkio_weight = 300'
    })
  ),
  blkio_weight_device: F.orEmpty(
    deviceRates('weight'),
    [],
    says('Share of block I/O on a device, each `path:weight`.', BLOCK_IO, {
      since: 'an I/O scheduler with weights',
      policy: ['allow_devices'],
      example: 'blkio_weight_device = ["/dev/sda:200"]'
    })
  ),
  device_read_bps: F.orEmpty(
    deviceRates('bytes'),
    [],
    says('Most bytes read from a device in a second, each `path:rate`.', BLOCK_IO, {
      policy: ['allow_devices'],
      example: 'device_read_bps = ["/dev/sda:1m"]'
    })
  ),
  device_write_bps: F.orEmpty(
    deviceRates('bytes'),
    [],
    says('Most bytes written to a device in a second, each `path:rate`.', BLOCK_IO, {
      policy: ['allow_devices'],
      example: 'device_write_bps = ["/dev/sda:1m"]'
    })
  ),
  device_read_iops: F.orEmpty(
    deviceRates('times'),
    [],
    says('Most reads from a device in a second, each `path:rate`.', BLOCK_IO, {
      policy: ['allow_devices'],
      example: 'device_read_iops = ["/dev/sda:1000"]'
    })
  ),
  device_write_iops: F.orEmpty(
    deviceRates('times'),
    [],
    says('Most writes to a device in a second, each `path:rate`.', BLOCK_IO, {
      policy: ['allow_devices'],
      example: 'device_write_iops = ["/dev/sda:1000"]'
    })
  ),
  shm_size: F.optional(
    K.size,
    says('Size of `/dev/shm`, 64m when left out.', ['spec.mounts'], { example: 'shm_size = "256m"' })
  )
} as const satisfies F.Fields
