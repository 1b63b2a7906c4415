import * as fs from 'node:fs'

import { Containerd } from '../../../src/effects/containerd/Containerd'
import { Kind, ListSnapshotsResponse } from '../../../src/generated/containerd/snapshots'
import { allocIds } from './allocation'
import { ask } from './plugin'
import { sleep } from './process'

const SETTLE_MS = 5000

/** What is still there once the kernel and the shims have had a moment to finish: nothing, when all is well. */
export const settled = async (containerd: Containerd): Promise<ReadonlyArray<string>> => {
  const until = Date.now() + SETTLE_MS
  for (;;) {
    const found = await leftovers(containerd)
    if (found.length === 0 || Date.now() > until) return found
    await sleep(20)
  }
}

/** What is in containerd and in the kernel on account of tasks: compared before and after. */
export const leftovers = async (containerd: Containerd): Promise<ReadonlyArray<string>> => {
  const headers = containerd.headers()
  const containers = await ask<{ containers: Array<{ id: string }> }>((done) => containerd.containers.list({ filters: [] }, headers, done))
  const tasks = await ask<{ tasks: Array<{ id: string }> }>((done) => containerd.tasks.list({ filter: '' }, headers, done))
  const leases = await ask<{ leases: Array<{ id: string }> }>((done) => containerd.leases.list({ filters: [] }, headers, done))
  return [
    ...containers.containers.map(({ id }) => `container ${id}`),
    ...tasks.tasks.map(({ id }) => `task ${id}`),
    ...leases.leases.map(({ id }) => `lease ${id}`),
    ...(await snapshots(containerd)).map((name) => `snapshot ${name}`),
    ...mounts(containerd.namespace).map((line) => `mount ${line}`),
    ...entries('/var/run/netns').filter(isOurs).map((name) => `netns ${name}`),
    ...CGROUPS.flatMap((parent) => entries(parent).filter(isOurs).map((name) => `cgroup ${parent}/${name}`))
  ].sort()
}

const snapshots = (containerd: Containerd): Promise<ReadonlyArray<string>> =>
  new Promise((resolve, reject) => {
    const found: Array<string> = []
    const stream = containerd.snapshots.list({ snapshotter: 'overlayfs', filters: [] }, containerd.headers())
    stream.on('data', ({ info }: ListSnapshotsResponse) => {
      for (const { name, kind } of info) if (kind !== Kind.KIND_COMMITTED) found.push(name)
    })
    stream.on('error', reject)
    stream.on('end', () => { resolve(found) })
  })

// Where containers of tasks go: below Nomad's parent, in every hierarchy of v1 and in the one of v2.
const CGROUPS = ['memory', 'cpu', 'pids', 'freezer', '.'].map((name) => `/sys/fs/cgroup/${name}/nomad`)

// The kernel's things are everybody's: only those of allocations that these tests made count.
const isOurs = (name: string): boolean => [...allocIds].some((id) => name.includes(id.slice(0, 8)))

const entries = (dir: string): ReadonlyArray<string> => (fs.existsSync(dir) ? fs.readdirSync(dir) : [])

const mounts = (namespace: string): ReadonlyArray<string> =>
  fs.readFileSync('/proc/self/mounts', 'utf8').split('\n').map((line) => line.split(' ')[1] ?? '').filter((target) => target.includes(namespace) || (target.includes('/mounts/') && isOurs(target)))
