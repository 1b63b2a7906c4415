import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import * as E from 'fp-ts/Either'

import { liveDiffCommand } from '../../src/cli/machine/liveDiff/liveDiff'
import { LiveSides, liveSides, readLive } from '../../src/cli/machine/liveDiff/liveSides'
import { makeRunDirs } from '../../src/cli/machine/run/runDirs'
import { runTask } from '../../src/cli/machine/run/runTask'
import { compact } from '../../src/core/domain/canonical'
import { isRecord } from '../../src/core/domain/isRecord'
import { EXIT } from '../../src/core/domain/labels'
import { none } from '../../src/core/facts/Facts'
import * as Job from '../../src/core/job/Job'
import { toDocuments } from '../../src/core/job/toDocuments'
import * as Request from '../../src/core/resolve/Request'
import { containerIdOf } from '../../src/core/wanted/identity'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import * as containers from '../../src/effects/containerd/containers'
import * as leases from '../../src/effects/containerd/leases'
import * as tasks from '../../src/effects/containerd/tasks'
import { busyboxImage } from '../../src/effects/dev/busyboxImage'
import { importImage } from '../../src/effects/image/importImage'
import { unpackImage } from '../../src/effects/image/unpack'
import { livePorts } from '../../src/effects/livePorts'
import { Status } from '../../src/generated/containerd/tasks'
import { BOUNDS } from './harness/bounds'
import { IMAGE, importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { sleep } from './harness/process'
import { right } from './harness/right'

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: string
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'live-test-'))
const state = path.join(dir, 'state')
const netns = `live-${String(process.pid)}`
const running: Array<Started> = []
const ports = livePorts(() => undefined)

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  await importOther()
  plugin = file('plugin.json', operator())
  execFileSync('ip', ['netns', 'add', netns])
}, 60_000)

afterAll(async () => {
  for (const one of running) await one.stop()
  expect(await settled(containerd)).toEqual([])
  execFileSync('ip', ['netns', 'delete', netns])
  containerd.close()
  ports.close()
  await daemon.stop()
  fs.rmSync(dir, { recursive: true })
})

const OTHER = 'docker.io/library/busybox:1.37'

/** The same layers with another config, under another name. */
const importOther = async (): Promise<void> => {
  const made = await busyboxImage(OTHER, '/bin/busybox')
  right(await leases.hold(containerd, 'other', 'test', 600)())
  right(await importImage(containerd, { ...made, config: { ...made.config, Env: ['PATH=/bin', 'OTHER=1'] } }, 'other')())
  right(await unpackImage(containerd, { ...BOUNDS, name: OTHER, snapshotter: 'overlayfs', lease: 'other' })())
  right(await leases.release(containerd, 'other')())
}

const operator = (): object => ({
  containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, state_dir: state, extra_labels: ['node_*', 'job_name'], allow_caps: ['all']
})

const file = (name: string, document: unknown): string => {
  fs.writeFileSync(path.join(dir, name), JSON.stringify(document))
  return path.join(dir, name)
}

interface Started {
  readonly id: string
  readonly allocId: string
  readonly stop: () => Promise<void>
}

type Document = Readonly<Record<string, unknown>>

/** Runs a task of a job on the path that `run` takes, with an allocation that a Nomad client would have made. */
const start = async (job: unknown, task: string, change: (allocation: Document) => Document = (same) => same): Promise<Started> => {
  const place = Job.placesOf(right(Job.decode(job))).find((one) => one.task.Name === task)
  if (place === undefined) throw new Error(`no task ${task}`)
  const { documents } = toDocuments(place)
  const dirs = makeRunDirs(documents.allocation)
  const allocation = change(dirs.allocation as Document)
  const env = isRecord(allocation['env']) ? Object.fromEntries(Object.entries(allocation['env']).map(([name, value]) => [name, String(value)])) : {}
  // What a client expands, expanded with what this client knows.
  const config = JSON.parse(JSON.stringify(documents.task).replace(/\$\{(NOMAD_[A-Za-z_]+)\}/g, (whole, name: string) => env[name] ?? whole)) as unknown
  // Name servers of a task are compiled and refused to whoever runs it: here they are what is compared.
  const request = right(Request.decode({ task: config, plugin: operator(), allocation }))
  const ran = runTask(ports, containerd, request, dirs)
  const id = containerIdOf(request.allocation)
  const until = Date.now() + 20_000
  for (;;) {
    const found = await tasks.get(containerd, id)()
    if (E.isRight(found) && found.right !== undefined && found.right.pid > 0 && found.right.status === Status.STATUS_RUNNING) break
    if (Date.now() > until) throw new Error(`does not run: ${JSON.stringify(await Promise.race([ran, sleep(100)]))}`)
    await sleep(50)
  }
  const started = {
    id, allocId: request.allocation.allocId,
    stop: async () => {
      await tasks.killAndWait(containerd, id)()
      await ran
      dirs.remove()
    }
  }
  running.push(started)
  return started
}

const taskOf = (Name: string, config: object, rest: object = {}): object =>
  ({ Name, Driver: 'containerd-driver', Config: { image: IMAGE, command: 'sleep', args: ['1000'], ...config }, ...rest })

const jobOf = (tasks: ReadonlyArray<object>, group: object = {}, rest: object = {}): object =>
  ({ Job: { ID: 'live', Meta: { owner: 'team' }, TaskGroups: [{ Name: 'g', Tasks: tasks, ...group }], ...rest } })

/** The paths at which two documents differ. */
const differences = (a: unknown, b: unknown, at = ''): ReadonlyArray<string> => {
  if (compact(a) === compact(b)) return []
  if (!isRecord(a) || !isRecord(b)) return [at]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort().flatMap((key) => differences(a[key], b[key], at === '' ? key : `${at}.${key}`))
}

const sides = async (wanted: string, job: unknown, task?: string): Promise<LiveSides> =>
  right(await liveSides(wanted, file('job.json', job), { plugin, ...(task === undefined ? {} : { task }) }, () => none))

/** All that a container and its job disagree on. */
const driftOf = ({ live, compiled }: LiveSides): ReadonlyArray<string> => [
  ...differences(live.spec, compiled.spec), ...differences(live.container, compiled.container, 'container'), ...differences(live.io, compiled.io, 'io'),
  ...differences(live.files, Object.fromEntries(compiled.mounts.flatMap((one) => (one._tag === 'File' ? [[one.path, one.text]] : []))), 'files')
]

const WEB = taskOf('web', {
  labels: { team: 'web' }, extra_hosts: ['db:10.0.0.7'], dns_servers: ['192.0.2.53'], mounts: [{ type: 'bind', source: 'local', target: '/data' }], cap_drop: ['all'],
  ulimit: { nofile: '1024:2048' }, tmpfs: undefined
}, { Env: { GREETING: 'hello from ${NOMAD_TASK_NAME}' }, Resources: { CPU: 200, MemoryMB: 48 }, User: 'nobody' })

describe('a container of the job as it is', () => {
  it('differs in nothing, found by its id, its allocation and the beginning of that', async () => {
    const job = jobOf([WEB])
    const { id, allocId } = await start(job, 'web')
    for (const wanted of [id, allocId, allocId.slice(0, 8), allocId.toUpperCase()]) {
      const both = await sides(wanted, job)
      expect(both.live.container.id).toBe(id)
      expect(driftOf(both)).toEqual([])
      expect(both.live.spec).toEqual(both.compiled.spec)
    }
  })

  it('differs in nothing with ports, a namespace of the group, cores, and a cgroup that Nomad made', async () => {
    const job = jobOf(
      [taskOf('net', { args: ['${NOMAD_PORT_http}'], cpu_hard_limit: true, extra_hosts: ['db:10.0.0.7'] }, { Resources: { Cores: 1, MemoryMB: 32, MemoryMaxMB: 64 }, VolumeMounts: [{ Volume: 'data', Destination: '/srv' }] })],
      { Networks: [{ Mode: 'bridge', DynamicPorts: [{ Label: 'http', To: 8080 }] }] }
    )
    const hostPath = path.join(dir, 'volume')
    fs.mkdirSync(hostPath)
    const { allocId } = await start(job, 'net', (one) => ({
      ...one,
      env: {
        ...(one['env'] as object), NOMAD_PORT_http: '1000', NOMAD_HOST_PORT_http: '24789', NOMAD_ADDR_http: '172.26.64.3:8080', NOMAD_ALLOC_INDEX: '3',
        NOMAD_CPU_LIMIT: '3100', NOMAD_CPU_CORES: '1', NOMAD_REGION: 'eu', VAULT_TOKEN: 's.secret'
      },
      mounts: [{ taskPath: '/srv', hostPath, readonly: true, propagationMode: 'host-to-task' }],
      resources: {
        ...(one['resources'] as object),
        linuxResources: { cpuShares: 3100, memoryLimitBytes: 64 * 1024 * 1024, cpusetCpus: '1', PercentTicks: 0.37, cpusetCgroup: `/sys/fs/cgroup/cpuset/live-test/reserve/${String(one['allocId'])}.net` }
      },
      networkIsolationSpec: { mode: 'GROUP', path: `/var/run/netns/${netns}`, hostsConfig: { hostname: 'nomad-host', address: '172.26.64.3' } }
    }))
    const both = await sides(allocId, job)
    expect(driftOf(both)).toEqual([])
    expect(both.live.spec.process.args).toEqual(['sleep', '1000'])
    expect(both.live.spec.mounts.find(({ destination }) => destination === '/srv')).toMatchObject({ source: hostPath, options: ['rbind', 'rslave', 'ro'] })
    expect(both.live.spec.linux.resources.cpu).toMatchObject({ quota: 37_000 * os.cpus().length, cpus: '1' })
    expect(Object.values(both.live.files).join()).toMatch(/172\.26\.64\.3 nomad-host\n10\.0\.0\.7 db\n/)
  })

  it('does not take the exit, and what containerd writes, for labels of the job', async () => {
    const job = jobOf([taskOf('ends', {})])
    const { id } = await start(job, 'ends')
    right(await containers.label(containerd, id, EXIT, 'x')())
    right(await containers.label(containerd, id, 'containerd.io/restart.status', 'stopped')())
    const both = await sides(id, job)
    expect(driftOf(both)).toEqual([])
    expect(both.live.runtimeLabels).toEqual({ [EXIT]: 'x', 'containerd.io/restart.status': 'stopped' })
  })
})

describe('a job that has changed', () => {
  let started: Started
  beforeAll(async () => { started = await start(jobOf([WEB]), 'web') })

  const changed = (rest: object, config: object = {}): object =>
    jobOf([{ ...WEB, ...rest, Config: { ...(WEB as { readonly Config: object }).Config, ...config } }])

  it.each<readonly [string, object, ReadonlyArray<string>]>([
    ['env', changed({ Env: { GREETING: 'good morning', NEW: '1' } }), ['process.env']],
    ['memory', changed({ Resources: { CPU: 200, MemoryMB: 64 } }), ['linux.resources.memory.limit', 'process.env']],
    ['cpu', changed({ Resources: { CPU: 300, MemoryMB: 48 } }), ['linux.resources.cpu.shares', 'process.env']],
    ['image', changed({}, { image: OTHER }), ['container.image.digest', 'container.image.name', 'process.env']],
    ['image, which nobody knows here', changed({ User: '65534:65534' }, { image: 'docker.io/library/busybox:1.99' }), ['container.image.chainId', 'container.image.digest', 'container.image.name', 'process.env']],
    ['user', changed({ User: '0' }), ['container.runtime.options.ioGid', 'container.runtime.options.ioUid', 'process.user.additionalGids', 'process.user.gid', 'process.user.uid']],
    ['labels', changed({}, { labels: { team: 'db' } }), ['container.labels.team']],
    ['extra hosts', changed({}, { extra_hosts: ['db:10.0.0.8'] }), ['files']],
    ['network', jobOf([WEB], { Networks: [{ Mode: 'bridge' }] }), ['linux.namespaces']]
  ])('differs in exactly its %s', async (_what, job, expected) => {
    const drift = driftOf(await sides(started.id, job)).map((at) => (at.startsWith('files.') ? 'files' : at)).filter((at) => at !== 'linux.resources.memory.swap')
    expect([...drift].sort()).toEqual([...expected].sort())
  })
})

describe('diff --live', () => {
  it('says nothing of a container of the job as it is, and what drifted of one that changed, without its secrets', async () => {
    const { id } = await start(jobOf([WEB]), 'web')
    const against = (job: unknown): ReturnType<typeof liveDiffCommand> => liveDiffCommand(id, [file('job.json', job)], { plugin })
    expect(await against(jobOf([WEB]))).toMatchObject({ stdout: '', exitCode: 0 })
    const drifted = await against(jobOf([{ ...WEB, Env: { GREETING: 'a-new-secret' }, Resources: { CPU: 200, MemoryMB: 96 } }]))
    expect(drifted.exitCode).toBe(1)
    expect(drifted.stdout).toMatch(/weakens +\w+ +\/spec\/linux\/resources\/memory\/limit: 50331648 -> 100663296/)
    expect(drifted.stdout).toContain('GREETING=(redacted, before)')
    expect(drifted.stdout).not.toMatch(/a-new-secret|hello from/)
    expect(await liveDiffCommand('nobody', [file('job.json', jobOf([WEB]))], { plugin })).toMatchObject({ stdout: '', exitCode: 2 })
  })
})

describe('what cannot be read', () => {
  const problem = async (wanted: string, task?: string, document: unknown = operator()): Promise<string> => {
    const outcome = await readLive(wanted, task, document)
    return E.isLeft(outcome) ? outcome.left : `found ${outcome.right.container.id}`
  }

  it('a socket that is not there is named, with the way out', async () => {
    expect(await problem('web', undefined, { ...operator(), address: '/nowhere.sock' })).toContain('containerd does not answer at /nowhere.sock (no such socket); start it, or set the plugin option `address`')
  })

  it('tells the nearest of what is there, and several tasks of one allocation', async () => {
    const allocId = randomUUID()
    const job = jobOf([taskOf('one', {}), taskOf('two', {})])
    const both = (one: Document): Document => ({ ...one, allocId, id: `${allocId}/${String(one['name'])}/1`, env: { ...(one['env'] as object), NOMAD_ALLOC_ID: allocId } })
    const { id } = await start(job, 'one', both)
    await start(job, 'two', both)
    expect(await problem(allocId)).toContain(`${allocId}: has several tasks; name one with --task: one, two\n`)
    expect(await problem(allocId, 'three')).toContain(`--task three: ${allocId} has no such task; it has one, two\n`)
    expect(await problem(allocId, 'g/one')).toBe(`found ${id}`)
    expect(await problem(id.slice(0, -1))).toContain(`no such container; did you mean ${id}?`)
    expect(await problem(allocId.slice(0, 4))).toContain(`(the beginning of an allocation id needs 8 characters); did you mean ${allocId}?`)
    expect(await problem('not/an id')).toContain(`look in the containerd namespace ${daemon.namespace}: not/an id: no such container; there are `)
    expect(driftOf(await sides(allocId, job, 'g/two'))).toEqual([])
    expect(await liveSides(id, file('other.json', jobOf([taskOf('x', {}), taskOf('y', {})])), { plugin }, () => none)).toEqual(
      E.left(`${path.join(dir, 'other.json')}: has no task one, which ${id} runs; it has g/x, g/y: name one with --task\n`)
    )
  })
})
