import { converted, equal, Judge, missing, renamed, Rows } from './Row'
import { SECURITY_OPTIONS, securityOpt } from './securityOpt'
import { EQUAL, Missing, Needless } from './Verdict'

/** Of a namespace: the words that mean the same here. */
const mode =
  (words: ReadonlyArray<string>, instead: string): Judge =>
  (value) =>
    typeof value !== 'string' || words.includes(value)
      ? EQUAL
      : Missing(`\`${value.split(':')[0] ?? ''}\` is no mode here: ${instead}`)

const OWN = "the task has a namespace of its own; containers of other tasks are not reached"

/** Rights and namespaces. */
export const confinementRows: Rows = {
  cap_add: equal('cap_add', 'Equal in meaning. What a task starts with differs: see below.'),
  cap_drop: equal(
    'cap_drop',
    'Equal in meaning. What a task starts with differs: see below. Left out beside `privileged`, where dockerd drops nothing.',
    {
      judge: (_value, { config }) =>
        config['privileged'] === true ? Needless('dockerd drops nothing of a privileged task') : EQUAL
    }
  ),
  privileged: equal('privileged', 'Allowed unless the operator says no.'),
  security_opt: converted(
    SECURITY_OPTIONS,
    'An option for each. `systempaths=unconfined` is `masked_paths = []` and `readonly_paths = []`.',
    { judge: securityOpt }
  ),
  readonly_rootfs: equal('readonly_rootfs'),
  sysctl: equal('sysctl', 'Only parameters of a namespace that the container owns.'),
  pid_mode: equal('pid_mode', "`host` or `private`. No other container's.", {
    judge: mode(['', 'host', 'private'], OWN)
  }),
  ipc_mode: equal('ipc_mode', "`host`, `private` or `none`. No `shareable`, no other container's.", {
    judge: mode(['', 'host', 'private', 'none'], OWN)
  }),
  uts_mode: equal('uts_mode', '`host` or `private`. Excludes `hostname`.', {
    judge: mode(['', 'host', 'private'], OWN)
  }),
  cgroupns: equal('cgroupns', 'Equal.', { judge: mode(['', 'host', 'private'], 'write `host` or `private`') }),
  userns_mode: renamed(
    'userns',
    '`host` is equal. A mapping is one of its own here. `userns_mode` is understood too.',
    {
      judge: (value) =>
        value === '' || value === 'host'
          ? { _tag: 'Renamed', to: 'userns' }
          : Missing(
              'dockerd knows `host` only: write a mapping such as `userns = "0:100000:65536"`'
            )
    }
  ),
  isolation: missing('It exists on Windows only.', {
    judge: (value) => (value === '' ? Needless('it is empty') : Missing('it exists on Windows only: leave it out'))
  })
}
