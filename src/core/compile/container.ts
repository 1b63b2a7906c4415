import { Task } from '../resolve/Task'
import { Container, RuntimeOptions } from './Compiled'

/** The container record: id, labels, runtime, snapshotter, image. */
export const container = (task: Task): Container => ({
  id: task.containerId,
  owner: task.owner,
  labels: task.labels,
  runtime: { name: task.runtime, options: runtimeOptions(task) },
  snapshotter: task.snapshotter,
  image: task.image
})

// Without io_uid and io_gid a process that is not root cannot open its own /dev/stdout.
const runtimeOptions = ({ runtime, ioOwner }: Task): RuntimeOptions =>
  runtime.startsWith('io.containerd.runc.')
    ? { _tag: 'Runc', ioUid: ioOwner.uid, ioGid: ioOwner.gid }
    : { _tag: 'None' }
