import { Documents } from '../src/core/resolve/Request'

const ALLOC = '5e3c1d2f-7a44-4b1e-9c55-0d3c8a6b7e10'
const DIR = `/var/lib/nomad/alloc/${ALLOC}`

const count = (length: number): ReadonlyArray<number> => Array.from({ length }, (_, index) => index)

const numbered = (index: number): string => String(index).padStart(4, '0')

// What Nomad sets for every task; PATH, which the driver adds, is the fortieth of the usual number.
const NOMAD: Readonly<Record<string, string>> = {
  NOMAD_ALLOC_DIR: '/alloc', NOMAD_TASK_DIR: '/local', NOMAD_SECRETS_DIR: '/secrets', NOMAD_ALLOC_ID: ALLOC, NOMAD_ALLOC_INDEX: '0',
  NOMAD_ALLOC_NAME: 'shop.front[0]', NOMAD_CPU_LIMIT: '500', NOMAD_MEMORY_LIMIT: '256', NOMAD_DC: 'dc1', NOMAD_GROUP_NAME: 'front'
}

/** The documents of a task with everything but a seccomp filter: so many entries in its environment, so many mounts of its own. */
export const fullTask = (env = 39, mounts = 5): Documents => ({
  task: {
    image: 'docker.io/library/redis:7', command: 'redis-server', args: ['--port', '6379', '--save', ''], hostname: 'web-1', cwd: '/srv/www',
    pids_limit: 200, ulimit: { nofile: '4096:8192' }, seccomp: false,
    mounts: count(Math.max(0, mounts - 3)).map((index) => ({
      type: 'tmpfs', target: `/var/cache/${numbered(index)}`, options: ['nosuid', 'nodev', 'size=64m']
    }))
  },
  plugin: { containerd_runtime: 'io.containerd.runc.v2' },
  allocation: {
    id: `${ALLOC}/web/1a2b3c4d`, name: 'web', allocId: ALLOC, allocDir: DIR, jobName: 'shop', taskGroupName: 'front', namespace: 'default',
    stdoutPath: `${DIR}/alloc/logs/.web.stdout.fifo`, stderrPath: `${DIR}/alloc/logs/.web.stderr.fifo`, user: '1000:1000',
    env: {
      ...NOMAD,
      ...Object.fromEntries(count(Math.max(0, env - Object.keys(NOMAD).length)).map((index) => [`NOMAD_META_VALUE_${numbered(index)}`, `value ${String(index)}`]))
    },
    resources: {
      allocatedResources: { cpu: { cpuShares: '500' }, memory: { memoryMb: '256' } },
      linuxResources: {
        cpuShares: '500', memoryLimitBytes: '268435456', cpusetCgroup: `/sys/fs/cgroup/nomad.slice/share.slice/${ALLOC}.web.scope`
      }
    }
  }
})
