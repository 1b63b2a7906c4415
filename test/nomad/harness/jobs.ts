import { sleep } from '../../system/harness/process'
import { Agent } from './agent'

/** One run of a task, as Nomad's API tells it. */
export interface Alloc {
  readonly ID: string
  readonly ClientStatus: string
  readonly TaskStates: Readonly<Record<string, {
    readonly State: string
    readonly Failed: boolean
    readonly Restarts: number
    readonly Events: ReadonlyArray<{ readonly Type: string; readonly DisplayMessage: string; readonly ExitCode: number }>
  }>> | null
}

/** Parses a job with Nomad itself and registers it. */
export const register = async (agent: Agent, hcl: string): Promise<string> => {
  const job = (await agent.api('POST', '/v1/jobs/parse', { JobHCL: hcl, Canonicalize: true })) as { readonly ID: string }
  await agent.api('POST', '/v1/jobs', { Job: job })
  return job.ID
}

const WAIT_MS = 60_000

/** The job's newest allocation, as soon as it fulfils the condition. */
export const allocOf = async (agent: Agent, job: string, holds: (alloc: Alloc) => boolean): Promise<Alloc> => {
  const until = Date.now() + WAIT_MS
  for (;;) {
    const [newest] = (await agent.api('GET', `/v1/job/${job}/allocations`)) as ReadonlyArray<Alloc>
    if (newest !== undefined && holds(newest)) return newest
    if (Date.now() > until) throw new Error(`job ${job} is not there yet: ${JSON.stringify(newest, null, 1)}\n${agent.log().slice(-3000)}`)
    await sleep(100)
  }
}

export const ended = ({ ClientStatus }: Alloc): boolean => ClientStatus === 'complete' || ClientStatus === 'failed'
export const running = ({ ClientStatus }: Alloc): boolean => ClientStatus === 'running'

/** `nomad alloc logs`. */
export const logs = (agent: Agent, { ID }: Alloc, task: string, type: 'stdout' | 'stderr'): Promise<string> =>
  agent.text(`/v1/client/fs/logs/${ID}?task=${task}&type=${type}&plain=true`)

/** `nomad job stop`, waits until every allocation has ended, then purges. */
export const purge = async (agent: Agent, job: string): Promise<void> => {
  await agent.api('DELETE', `/v1/job/${job}`)
  const open = async (): Promise<boolean> =>
    !((await agent.api('GET', `/v1/job/${job}/allocations`)) as ReadonlyArray<Alloc>).every(ended)
  while (await open()) await sleep(20)
  await agent.api('DELETE', `/v1/job/${job}?purge=true`)
}

/** A job with one task that runs a script in busybox. */
export const scriptJob = (id: string, script: string, more = ''): string => `
job "${id}" {
  datacenters = ["dc1"]
  type        = "batch"
  group "main" {
    restart {
      attempts = 0
      mode     = "fail"
    }
    reschedule {
      attempts  = 0
      unlimited = false
    }
    task "main" {
      driver = "containerd-driver"
      config {
        image   = "docker.io/library/busybox:1.36"
        command = "sh"
        args    = ["-c", ${JSON.stringify(script).replaceAll('${', '$${')}]
      }
      ${more}
      resources {
        cpu    = 100
        memory = 48
      }
    }
  }
}
`
