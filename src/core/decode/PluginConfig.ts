import * as F from './Field'
import { fieldsCodec } from './fieldsCodec'
import * as K from './Kind'

const auth = {
  username: F.required(K.text, 'User name at every registry that a task names no login for.'),
  password: F.required(K.hidden, 'Password or token. Never shown.')
}

/** The options of the operator's `plugin "containerd-driver" { config {} }` block. */
export const fields = {
  enabled: F.withDefault(K.flag, true, 'Set to `false` to switch the driver off on this host.'),
  containerd_runtime: F.required(K.text, 'Runtime that containerd runs tasks with, such as `io.containerd.runc.v2`.'),
  stats_interval: F.withDefault(K.duration, '1s', 'How often task statistics are sent to Nomad.'),
  allow_privileged: F.withDefault(K.flag, true, 'Set to `false` to refuse privileged tasks.'),
  auth: F.optional(K.block(auth), 'Login used for images whose task has no `auth` of its own.'),
  address: F.withDefault(K.text, '/run/containerd/containerd.sock', "Path of containerd's socket."),
  namespace: F.withDefault(K.text, 'nomad', 'containerd namespace that holds everything this driver makes.'),
  snapshotter: F.withDefault(K.text, 'overlayfs', "Snapshotter for root file systems. containerd's own default is `overlayfs`.")
} as const satisfies F.Fields

export type PluginConfig = F.TypeOf<typeof fields>

export const codec = fieldsCodec('plugin', fields)
