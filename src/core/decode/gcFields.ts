import * as F from '../field/Field'
import * as K from '../field/Kind'

const ALL = 100

/** What is taken away when nothing needs it any more: `gc` of the plugin, named as in the docker driver. */
export const gcFields = {
  image: F.withDefault(
    K.flag, false,
    'Whether images are removed that nothing uses: those that this agent pulled or loaded, and no others. Off when left out.'
  ),
  image_delay: F.withDefault(
    K.duration, '3m',
    'How long nothing may have used an image before it is removed. It counts across restarts.'
  ),
  container: F.withDefault(
    K.flag, true,
    'Whether a container goes with its task. `false`: Nomad\'s destroy leaves its record and its root file system, without a process, a network or a mount, until the same task is started again or somebody removes them.'
  ),
  keep: F.orEmpty(
    K.texts, [],
    'Images that are never removed, with `*`, as in `images.allow`: `docker.io/library/*`, `registry.example/team/app:1.*`.'
  ),
  disk_high: F.optional(
    K.whole(1, ALL),
    'From how many percent in use (`df`) of the file system that holds containerd\'s root images go before their delay is over, the longest unused first. Left out: never.'
  ),
  disk_low: F.optional(
    K.whole(0, ALL),
    'Down to how many percent they go then. Left out: five less than `disk_high`.'
  )
} as const satisfies F.Fields

/** Options of the docker driver's `gc` that are elsewhere here. */
export const gcElsewhere = {
  dangling_containers: 'it is a block of its own here, `dangling_containers { period = "5m" }`, beside `gc`'
} as const
