import { Spec } from '../domain/Oci'
import { Task } from '../resolve/Task'
import { Compiled } from './Compiled'
import { container } from './container'
import { linux } from './linux'
import { mountPlan, mounts } from './mounts'
import { process } from './process'

/** The lowest runtime-spec version that has every field in use: older runtimes refuse a newer one. */
const OCI_VERSION = '1.0.2'

/** Task → everything that will be true of its container. A table of contents: each section writes its fields, once. */
export const compile = (task: Task): Compiled => ({
  spec: spec(task),
  container: container(task),
  io: { stdout: task.stdout, stderr: task.stderr },
  stop: { signal: task.stopSignal },
  mounts: mountPlan(task),
  network: task.network,
  seccomp: { _tag: 'Unconfined' }
})

const spec = (task: Task): Spec => ({
  ociVersion: OCI_VERSION,
  root: { path: 'rootfs', readonly: task.readonlyRootfs },
  ...(task.hostname === '' ? {} : { hostname: task.hostname }),
  process: process(task),
  mounts: mounts(task),
  linux: linux(task)
})
