import * as PluginConfig from '../../src/core/decode/PluginConfig'
import { Driver } from '../../src/driver/Driver'
import { TaskDocuments } from '../../src/driver/start'
import { Ports } from '../../src/effects/ports/Ports'
import { rightOf } from '../../src/testing/facts'

export const IMAGE = 'docker.io/library/sim:1'
export const STATE_DIRECTORY = '/run/state'

/** What the operator configured. */
export const PLUGIN = {
  containerd_runtime: 'io.containerd.runc.v2', state_dir: STATE_DIRECTORY, stats_interval: '1s', volumes: { allowed_paths: ['/srv'] }
}

/** A driver as Nomad has it after SetConfig. */
export const configuredDriver = (ports: Ports): Driver => {
  const driver = Driver(ports)
  driver.configure({ document: PLUGIN, config: rightOf(PluginConfig.codec.decode(PLUGIN)), mhzPerCore: 1000 })
  return driver
}

/** The allocation whose tasks have a network of their own. */
const NETWORKED = 'a1'

/** What Nomad sends of a task that runs a program (test/fakes/world/Process.ts): with generated files, so that those are seen too. */
export const documentsOf = (id: string, program: ReadonlyArray<string>): TaskDocuments => {
  const [allocId = ''] = id.split('/')
  return {
    task: { image: IMAGE, command: 'sim', args: program, extra_hosts: ['db:10.0.0.7'], ...(allocId === NETWORKED ? { network_mode: 'bridge' } : {}) },
    allocation: {
      id, name: 'web', allocId, allocDir: `/alloc/${allocId}`,
      stdoutPath: `/alloc/${allocId}/out`, stderrPath: `/alloc/${allocId}/err`,
      env: { NOMAD_ALLOC_DIR: '/alloc', NOMAD_TASK_DIR: '/local', NOMAD_SECRETS_DIR: '/secrets' },
      resources: { allocatedResources: { cpu: { cpuShares: 100 }, memory: { memoryMb: 64 } } }
    }
  }
}
