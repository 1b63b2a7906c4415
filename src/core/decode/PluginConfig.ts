import { ITEMS, NAME_SERVERS } from '../domain/ceilings'
import { says } from '../field/About'
import * as F from '../field/Field'
import { fieldsCodec } from '../field/fieldsCodec'
import * as K from '../field/Kind'
import { pathText } from '../field/pathKind'
import { ulimits } from '../value/kinds'
import { danglingFields } from './danglingFields'
import { gcElsewhere, gcFields } from './gcFields'
import { imageFields } from './imageFields'
import { networkFields } from './networkFields'
import { policyFields } from './policyFields'
import { registryFields } from './registryFields'

/** The options of the operator's `plugin "containerd-driver" { config {} }` block. */
export const fields = {
  enabled: F.withDefault(
    K.flag,
    true,
    says('Set to `false` to switch the driver off on this host.', [], { example: 'enabled = false' })
  ),
  containerd_runtime: F.required(
    K.text,
    says('Runtime that containerd runs tasks with.', ['container.runtime'], {
      example: 'containerd_runtime = "io.containerd.runc.v2"'
    })
  ),
  stats_interval: F.optional(
    K.duration,
    says('Shortest time between two statistics of a task. Nomad asks for one as often as its own '
      + '`telemetry.collection_interval` says; a longer time here counts instead.', [], {
      example: 'stats_interval = "5s"'
    })
  ),
  ...policyFields,
  ...networkFields,
  ...registryFields,
  images: F.usualBlock(
    K.block(imageFields),
    says(
      'What an image and its registry may cost this host.',
      ['fetch.timeoutMs', 'fetch.requireLogin', 'fetch.verifier'],
      { example: 'images { max_size = "8g", require_login = true }' }
    )
  ),
  dangling_containers: F.usualBlock(
    K.block(danglingFields),
    says('How what tasks left that Nomad does not know any more is found and taken away.', [], {
      example: 'dangling_containers { period = "1m", creation_grace = "10m" }'
    })
  ),
  gc: F.usualBlock(
    K.block(gcFields, gcElsewhere),
    says('What is removed when nothing needs it any more.', [], {
      example: 'gc { image = true, image_delay = "24h", keep = ["docker.io/library/*"], disk_high = 85 }'
    })
  ),
  default_ulimit: F.orEmpty(
    ulimits(ITEMS),
    [],
    says('Limits of every process that sets none of that name, as `ulimit` of a task.', ['spec.process.rlimits'], {
      example: 'default_ulimit = { nofile = "4096:65536" }'
    })
  ),
  oom_score_adj: F.optional(
    K.whole(-1000, 1000),
    says('`oom_score_adj` of tasks that set none; 0 when left out.', ['spec.process.oomScoreAdj'], {
      example: 'oom_score_adj = 100'
    })
  ),
  extra_labels: F.orEmpty(
    K.texts,
    [],
    says(
      'What Nomad knows of a task and is put on its container: names, with `*`, of `job_name`, `job_id`, `parent_job_id`, `task_group_name`, `task_name`, `namespace`, `node_name`, `node_id`.',
      ['container.labels'],
      { example: 'extra_labels = ["job_*", "task_name"]' }
    )
  ),
  dns_servers: F.orEmpty(
    K.textsOf(K.text, NAME_SERVERS),
    [],
    says(
      'Name servers of tasks for which neither the job nor the group names any, in the place of the host\'s.',
      ['mounts', 'spec.mounts'],
      { example: 'dns_servers = ["10.0.0.2"]' }
    )
  ),
  init_path: F.withDefault(
    K.path,
    '/usr/bin/tini-static',
    says('Static init program on the host, for tasks with `init`.', ['spec.mounts'], {
      example: 'init_path = "/usr/libexec/docker/docker-init"'
    })
  ),
  state_dir: F.withDefault(
    K.path,
    '/run/containerd-driver',
    says(
      'Directory for generated files (`/etc/hosts`, `/etc/resolv.conf`) and the pipes of commands, one below it for each container.',
      ['mounts', 'spec.mounts', 'network'],
      { example: 'state_dir = "/var/lib/containerd-driver/state"' }
    )
  ),
  address: F.withDefault(
    pathText,
    '/run/containerd/containerd.sock',
    says("Path of containerd's socket.", [], {
      example: 'address = "/run/k3s/containerd/containerd.sock"'
    })
  ),
  namespace: F.withDefault(
    K.text,
    'nomad',
    says('containerd namespace that holds everything this driver makes.', [], { example: 'namespace = "jobs"' })
  ),
  snapshotter: F.withDefault(
    K.text,
    'overlayfs',
    says(
      "Snapshotter for root file systems. containerd's own default is `overlayfs`.",
      ['container.snapshotter', 'fetch.snapshotter'],
      { example: 'snapshotter = "native"' }
    )
  )
} as const satisfies F.Fields

export type PluginConfig = F.TypeOf<typeof fields>

/** Options of the docker and podman drivers: what to write in their place. */
export const elsewhere = {
  endpoint: 'use `address`, the path of containerd\'s socket',
  socket_path: 'use `address`, the path of containerd\'s socket',
  tls: 'containerd listens on a socket of the host: leave it out',
  logging: "output always goes to Nomad: use the task's `logs` block",
  disable_log_collection: "output always goes to Nomad: use the task's `logs` block",
  infra_image: 'Nomad makes the network of a group: no pause image is needed',
  infra_image_pull_timeout: 'Nomad makes the network of a group: no pause image is needed',
  nvidia_runtime: 'use `allow_runtimes`, or CDI devices',
  container_exists_attempts: 'container ids are unique to each start: leave it out',
  recover_stopped: 'a task that stopped is never started again by the driver: leave it out',
  allow_runtime: 'use `allow_runtimes`'
} as const

export const codec = fieldsCodec('plugin', fields, elsewhere)
