import * as fc from 'fast-check'

import * as PluginConfig from '../core/decode/PluginConfig'
import { Documents } from '../core/resolve/Request'
import { allocation } from './allocation'
import { Document, valid } from './ofFields'
import { task } from './task'

const yes = fc.constant(true)
const all = fc.constant(['*'])
const unset = fc.constant(null)

/** An operator's config that lets every task run. */
export const plugin: fc.Arbitrary<Document> = valid(PluginConfig.fields, {
  containerd_runtime: fc.constantFrom('io.containerd.runc.v2', 'io.containerd.kata.v2'),
  snapshotter: fc.constantFrom('overlayfs', 'native'),
  hardened: fc.constant(false),
  allow_privileged: yes,
  allow_unconfined: yes,
  allow_caps: fc.constantFrom(['all'], ['ALL'], ['*']),
  allow_runtimes: all,
  allow_snapshotters: all,
  allow_devices: all,
  allow_sysctls: all,
  allow_cgroup_conf: all,
  seccomp_profile_dir: unset,
  pids_limit: unset,
  memory_hard_limit: unset,
  'allowed_modes.network': all,
  'allowed_modes.pid': all,
  'allowed_modes.ipc': all,
  'allowed_modes.uts': all,
  'allowed_modes.userns': all,
  'allowed_modes.cgroup': all,
  'volumes.enabled': yes,
  'volumes.allowed_paths': unset,
  'volumes.dir': fc.constantFrom('/srv/volumes', '/var/lib/containerd-driver/volumes'),
  'volumes.allow_shared_propagation': yes,
  bridge_network_name: fc.constantFrom('nomad-tasks', 'tasks0'),
  namespace: fc.constantFrom('nomad', 'jobs.a'),
  auth: fc.constantFrom({ username: 'bob', password: 'secret', server_address: 'docker.io' }, null),
  'images.max_pull_timeout': unset,
  'images.allow': fc.constantFrom(['*'], null),
  'images.require_digest': fc.constant(false),
  'images.require_platform': fc.constant(false),
  'gc.disk_high': fc.constantFrom(85, 100),
  'gc.disk_low': unset,
  default_ulimit: fc.constantFrom({ nofile: '10:20' }, [{ core: '0' }, { memlock: 'unlimited' }], {}),
  oom_score_adj: fc.integer({ min: 0, max: 1000 }),
  dns_servers: fc.constantFrom([], ['10.0.0.53', 'fd00::53']),
  init_path: fc.constantFrom('/usr/bin/tini-static', '/opt/init'),
  state_dir: fc.constantFrom('/run/containerd-driver', '/srv/state'),
  extra_labels: fc.constantFrom(['job_*', 'task_name'], ['*'], [])
}).map((options) => ({ ...options, allow_runtimes: ['*'] }))

/** Three documents that compile, given what their questions ask. */
export const documents: fc.Arbitrary<Documents> = fc
  .record({ task, plugin, allocation })
  .map(({ task: options, plugin: operator, allocation: message }) => ({
    task: suited(options, message),
    plugin: operator,
    allocation: message
  }))

type Message = Readonly<Record<string, unknown>> & {
  readonly resources?: {
    readonly allocatedResources: { readonly memory: { readonly memoryMb: number } }
    readonly linuxResources: { readonly cpusetCpus: string }
  }
}

/** A task's options without those that contradict what Nomad says of it. */
const suited = (options: Document, message: Message): Document => {
  const memoryMb = message.resources?.allocatedResources.memory.memoryMb ?? 0
  const hard = options['memory_hard_limit']
  const removed = [
    ...('networkIsolationSpec' in message ? ['host_network', 'network_mode'] : []),
    ...((message.resources?.linuxResources.cpusetCpus ?? '') === '' ? [] : ['cpuset_cpus']),
    ...(typeof hard === 'number' && hard < memoryMb ? ['memory_hard_limit'] : []),
    // Without megabytes the limit may be a few bytes, or none.
    ...(memoryMb > 0 && !hasNoLimit(message) ? [] : ['memory_reservation', 'memory_swap'])
  ]
  return Object.fromEntries(Object.entries(options).filter(([name]) => !removed.includes(name)))
}

const hasNoLimit = (message: Message): boolean =>
  JSON.stringify(message.resources).includes('"memoryMaxMb":-1')
  || JSON.stringify(message.resources).includes('"memoryMaxMb":"-1"')
