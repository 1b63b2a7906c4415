import { Capabilities, Process } from '../domain/Oci'
import { Task } from '../resolve/Task'

/** The process section: what is run, as whom, with which rights. */
export const process = (task: Task): Process => ({
  ...(task.confinement.apparmorProfile === '' ? {} : { apparmorProfile: task.confinement.apparmorProfile }),
  args: task.args,
  capabilities: capabilities(task),
  cwd: task.cwd,
  env: env(task),
  noNewPrivileges: task.confinement.noNewPrivileges,
  oomScoreAdj: task.oomScoreAdj,
  rlimits: task.rlimits,
  ...(task.confinement.selinux === undefined ? {} : { selinuxLabel: task.confinement.selinux.process }),
  terminal: task.terminal,
  user: task.user
})

/**
 * `NAME=value`, sorted by name in the order of code units. The only place where the values of an environment are read.
 */
const env = ({ env: values }: Task): ReadonlyArray<string> =>
  Object.keys(values).sort().map((name) => `${name}=${values[name]?.reveal() ?? ''}`)

const capabilities = ({ confinement: { capabilities: all, ambient } }: Task): Capabilities => ({
  ...(ambient.length === 0 ? {} : { ambient }),
  bounding: all,
  effective: all,
  ...(ambient.length === 0 ? {} : { inheritable: ambient }),
  permitted: all
})
