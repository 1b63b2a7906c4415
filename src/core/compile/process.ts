import { Capabilities, Process } from '../domain/Oci'
import { Task } from '../resolve/Task'

/** The process section: what is run, as whom, with which rights. */
export const process = (task: Task): Process => ({
  args: task.args,
  env: env(task),
  cwd: task.cwd,
  terminal: task.terminal,
  user: task.user,
  capabilities: capabilities(task),
  rlimits: task.rlimits,
  noNewPrivileges: task.confinement.noNewPrivileges,
  ...(task.oomScoreAdj === undefined ? {} : { oomScoreAdj: task.oomScoreAdj }),
  ...(task.confinement.apparmorProfile === '' ? {} : { apparmorProfile: task.confinement.apparmorProfile }),
  ...(task.confinement.selinux === undefined ? {} : { selinuxLabel: task.confinement.selinux.process })
})

/** `NAME=value`, sorted by name in the order of code units. The only place where the values of an environment are read. */
const env = ({ env: values }: Task): ReadonlyArray<string> =>
  Object.keys(values).sort().map((name) => `${name}=${values[name]?.reveal() ?? ''}`)

const capabilities = ({ confinement: { capabilities: all, ambient } }: Task): Capabilities => ({
  bounding: all,
  effective: all,
  permitted: all,
  ...(ambient.length === 0 ? {} : { inheritable: ambient, ambient })
})
