import { Spec } from '../domain/Oci'
import { Task } from '../resolve/Task'
import { Compiled, SeccompPlan } from './Compiled'
import { container } from './container'
import { linux } from './linux'
import { nestedTargets, pinsByPlace } from './madeInspection'
import { mountPlan, mounts } from './mounts'
import { ociVersion } from './ociVersion'
import { process } from './process'

/** Task → everything that will be true of its container. A table of contents: each section writes its fields, once. */
export const compile = (task: Task): Compiled => {
  const made = spec(task)
  return {
    spec: made,
    container: container(task),
    io: { stdout: task.stdout, stderr: task.terminal ? '' : task.stderr, terminal: task.terminal },
    stop: { signal: task.stopSignal },
    mounts: mountPlan(task),
    inspection: { ...task.inspection, targets: nestedTargets(made.mounts), pins: pinsByPlace(task) },
    network: task.network,
    seccomp: seccomp(task)
  }
}

const isEmpty = (record: object): boolean => Object.keys(record).length === 0

const spec = (task: Task): Spec => ({
  ...(isEmpty(task.annotations) ? {} : { annotations: task.annotations }),
  ...(task.domainname === '' || task.namespaces.user.length === 0 ? {} : { domainname: task.domainname }),
  ...(isEmpty(task.hooks) ? {} : { hooks: task.hooks }),
  ...(task.hostname === '' ? {} : { hostname: task.hostname }),
  linux: linux(task),
  mounts: mounts(task),
  ociVersion: ociVersion(task),
  process: process(task),
  root: { path: 'rootfs', readonly: task.readonlyRootfs }
})

const seccomp = ({ confinement: { seccomp: made } }: Task): SeccompPlan => {
  switch (made._tag) {
    case 'Unconfined':
      return { _tag: 'Unconfined' }
    case 'Default':
      return { _tag: 'Default', profile: made.profile }
    case 'Custom':
      return { _tag: 'Custom', path: made.path, digest: made.digest }
  }
}
