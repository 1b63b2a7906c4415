import * as fs from 'node:fs'

import { Containerd } from '../../../src/effects/containerd/Containerd'
import { Kind, ListSnapshotsResponse } from '../../../src/generated/containerd/snapshots'
import { ask } from './plugin'

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
    ...entries('/var/run/netns').map((name) => `netns ${name}`),
    ...CGROUPS.flatMap((parent) => entries(parent).filter((name) => CONTAINER.test(name)).map((name) => `cgroup ${parent}/${name}`))
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
const CONTAINER = /-[0-9a-f]{8}-[0-9a-f]{16}$/

const entries = (dir: string): ReadonlyArray<string> => (fs.existsSync(dir) ? fs.readdirSync(dir) : [])

const mounts = (namespace: string): ReadonlyArray<string> =>
  fs.readFileSync('/proc/self/mounts', 'utf8').split('\n').map((line) => line.split(' ')[1] ?? '').filter((target) => target.includes(namespace))
