import { Option } from './Edit'
import { differs, equal, missing, Rows } from './Row'
import { Converted, Differs, EQUAL, Needless } from './Verdict'

// Docker reads a number as bytes. A number of an expression is one here too.
const bytes = (value: unknown): ReadonlyArray<Option> => [{ name: 'shm_size', value: String(value) }]

/** Limits of CPU, memory, processes and disk. */
export const limitsRows: Rows = {
  cpu_hard_limit: equal('cpu_hard_limit'),
  cpu_cfs_period: equal('cpu_cfs_period'),
  cpuset_cpus: differs(
    'cpuset_cpus',
    'It works here; the docker driver ignores it. Refused beside `resources { cores }`.',
    {
      judge: (value) => (value === '' ? EQUAL : Differs('it works here, and the docker driver ignores it'))
    }
  ),
  memory_hard_limit: equal('memory_hard_limit', 'Equal. Less than `memory` is refused.'),
  pids_limit: equal('pids_limit'),
  shm_size: equal('shm_size', 'Bytes, as there, or a size such as `"256m"`.', {
    judge: (value, { config }) => {
      if (config['ipc_mode'] === 'host' || config['ipc_mode'] === 'none')
        return Needless(`dockerd makes no /dev/shm beside \`ipc_mode = "${config['ipc_mode']}"\``)
      if (value === 0 || value === '0') return Needless('zero is what dockerd takes when left out')
      if (typeof value === 'number' && !Number.isInteger(value))
        return Converted('whole bytes', bytes(Math.floor(value)))
      return EQUAL
    }
  }),
  storage_opt: missing('Size limits of the root file system belong to the snapshotter.')
}
