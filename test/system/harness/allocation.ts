import { ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { encode } from '@msgpack/msgpack'

import { TaskConfig } from '../../../src/generated/nomad/driver'

/** An allocation as the Nomad client makes it: directories, FIFOs, and a reader for each as logmon is one. */
export interface Allocation {
  readonly config: TaskConfig
  readonly dir: string
  readonly stdout: () => string
  readonly stderr: () => string
  /** Resolves when both outputs have ended. */
  readonly outputEnds: Promise<void>
  readonly remove: () => void
}

/** What a test says about its task; the rest is usual. */
export interface Wanted {
  readonly name?: string
  readonly config: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
  readonly memoryMb?: number
  readonly user?: string
  readonly readers?: boolean
  /** Another task of the same allocation. */
  readonly beside?: Allocation
}

/** The ids of all allocations that were made. */
export const allocIds = new Set<string>()

const MIB = 1024 * 1024

export const makeAllocation = ({ name = 'web', config, env = {}, memoryMb = 64, user = '', readers = true, beside }: Wanted): Allocation => {
  const allocId = beside?.config.allocId ?? randomUUID()
  allocIds.add(allocId)
  const dir = beside === undefined ? fs.mkdtempSync(path.join(os.tmpdir(), 'alloc-test-')) : path.dirname(beside.dir)
  const allocDir = path.join(dir, allocId)
  for (const made of ['alloc/logs', `${name}/local`, `${name}/secrets`]) fs.mkdirSync(path.join(allocDir, made), { recursive: true })
  const [stdoutPath, stderrPath] = ['stdout', 'stderr'].map((one) => path.join(allocDir, `alloc/logs/.${name}.${one}.fifo`)) as [string, string]
  // A task that is started again finds the pipes of its first run, as under Nomad.
  const missing = [stdoutPath, stderrPath].filter((one) => !fs.existsSync(one))
  if (missing.length > 0) execFileSync('mkfifo', missing)
  const outputs = [Reader(stdoutPath, readers), Reader(stderrPath, readers)] as const
  return {
    config: TaskConfig.fromPartial({
      id: `${allocId}/${name}/${randomBytes(4).toString('hex')}`, name, allocId, allocDir, stdoutPath, stderrPath, user,
      jobName: 'test', taskGroupName: 'test', namespace: 'default',
      msgpackDriverConfig: Buffer.from(encode(config)),
      env: { NOMAD_ALLOC_DIR: '/alloc', NOMAD_TASK_DIR: '/local', NOMAD_SECRETS_DIR: '/secrets', ...env },
      resources: {
        allocatedResources: { cpu: { cpuShares: 100n }, memory: { memoryMb: BigInt(memoryMb), memoryMaxMb: 0n } },
        linuxResources: { cpuShares: 100n, memoryLimitBytes: BigInt(memoryMb * MIB) }
      }
    }),
    dir: allocDir,
    stdout: outputs[0].text,
    stderr: outputs[1].text,
    outputEnds: Promise.all(outputs.map(({ ended }) => ended)).then(() => undefined),
    remove: () => {
      for (const { stop } of outputs) stop()
      fs.rmSync(dir, { recursive: true, force: true })
    }
  }
}

const Reader = (fifo: string, wanted: boolean): { readonly text: () => string; readonly ended: Promise<void>; readonly stop: () => void } => {
  if (!wanted) return { text: () => '', ended: Promise.resolve(), stop: () => undefined }
  const child: ChildProcess = spawn('cat', [fifo], { stdio: ['ignore', 'pipe', 'ignore'] })
  // A test that failed before it stopped it does not keep the run from ending.
  child.unref()
  let said = ''
  child.stdout?.on('data', (chunk: Buffer) => { said += chunk.toString() })
  return {
    text: () => said,
    ended: new Promise((resolve) => child.once('close', () => { resolve() })),
    stop: () => { child.kill() }
  }
}
