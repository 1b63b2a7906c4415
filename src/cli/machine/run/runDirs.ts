import { ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { isRecord } from '../../../core/domain/isRecord'

/** The directories and FIFOs that a Nomad client would have made for the task. */
export interface RunDirs {
  readonly dir: string
  /** The task message with this run's identity, directories and FIFOs in the place of the sample's. */
  readonly allocation: unknown
  /**
   * Starts to copy the task's output to this process's own; resolves `done` when it has ended. With a terminal all is
   * on stdout.
   */
  readonly stream: (terminal: boolean) => Streams
  readonly remove: () => void
}

export interface Streams {
  readonly done: Promise<void>
  readonly end: () => void
}

/** Makes them in a temporary directory. */
export const makeRunDirs = (sample: unknown): RunDirs => {
  const dir = mkdtempSync(join(tmpdir(), 'containerd-driver-run-'))
  const name = isRecord(sample) && typeof sample['name'] === 'string' ? sample['name'] : 'task'
  const allocId = randomUUID()
  const allocDir = join(dir, allocId)
  for (const made of ['alloc/logs', 'alloc/data', 'alloc/tmp', `${name}/local`, `${name}/secrets`])
    mkdirSync(join(allocDir, made), { recursive: true })
  const [stdoutPath, stderrPath] = ['stdout', 'stderr'].map((one) => join(dir, `${one}.fifo`)) as [string, string]
  execFileSync('mkfifo', ['-m', '600', stdoutPath, stderrPath])
  const id = `${allocId}/${name}/${randomBytes(4).toString('hex')}`
  return {
    dir,
    allocation: ofThisRun(sample, { allocId, id, allocDir, stdoutPath, stderrPath }),
    stream: (terminal) => streamAll(terminal ? [[stdoutPath, 1]] : [[stdoutPath, 1], [stderrPath, 2]]),
    remove: () => { rmSync(dir, { recursive: true, force: true }) }
  }
}

interface Identity {
  readonly allocId: string
  readonly id: string
  readonly allocDir: string
  readonly stdoutPath: string
  readonly stderrPath: string
}

const ofThisRun = (sample: unknown, identity: Identity): unknown => ({
  ...withoutNetns(sample),
  ...identity,
  // No agent had it made: a driver that takes leftovers away has no business here.
  nodeId: '',
  env: withIdentity(sample, identity.allocId),
  resources: withoutCgroup(sample)
})

// No Nomad has made the network namespace that the sample names: the container gets one of its own.
const withoutNetns = (sample: unknown): object => {
  if (!isRecord(sample)) return {}
  const { networkIsolationSpec: _none, ...rest } = sample
  return rest
}

const withIdentity = (sample: unknown, allocId: string): object => {
  const env = isRecord(sample) && isRecord(sample['env']) ? sample['env'] : {}
  return { ...env, NOMAD_ALLOC_ID: allocId, NOMAD_SHORT_ALLOC_ID: allocId.slice(0, 8) }
}

// The sample's cgroup is one that a Nomad client would have made; here there is none.
const withoutCgroup = (sample: unknown): unknown => {
  const resources = isRecord(sample) ? sample['resources'] : undefined
  if (!isRecord(resources) || !isRecord(resources['linuxResources'])) return resources ?? {}
  return { ...resources, linuxResources: { ...resources['linuxResources'], cpusetCgroup: '' } }
}

const streamAll = (streams: ReadonlyArray<readonly [string, number]>): Streams => {
  const copies = streams.map(([fifo, fd]) => spawn('cat', [fifo], { stdio: ['ignore', fd, 'ignore'] }))
  return {
    done: Promise.all(copies.map(ended)).then(() => undefined),
    end: () => { for (const copy of copies) copy.kill() }
  }
}

const ended = (copy: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    copy.on('exit', () => { resolve() })
    copy.on('error', () => { resolve() })
  })
