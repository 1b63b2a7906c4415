import * as fs from 'node:fs'
import * as path from 'node:path'

import * as E from 'fp-ts/Either'

import { ALLOC_ID } from '../../src/core/domain/labels'
import * as containers from '../../src/effects/containerd/containers'
import { settled } from '../system/harness/leftovers'
import { sleep } from '../system/harness/process'
import { Client, startClient } from './harness/client'
import { Alloc, allocOf, ended, logs, purge, register, running, scriptJob } from './harness/jobs'

const EXAMPLE = path.join(__dirname, '../../examples/hello.nomad.hcl')

let client: Client
let containerd: Client['containerd']
let agent: Client['agent']

jest.setTimeout(180_000)

beforeAll(async () => {
  client = await startClient()
  ;({ containerd, agent } = client)
}, 180_000)

afterAll(async () => {
  await client.stop()
})

const nothingLeft = async (): Promise<void> => {
  expect(await settled(containerd)).toEqual([])
}

const exitCodeOf = (alloc: Alloc, task: string): number | undefined =>
  alloc.TaskStates?.[task]?.Events.find(({ Type }) => Type === 'Terminated')?.ExitCode

const messagesOf = ({ TaskStates }: Alloc): ReadonlyArray<string> =>
  TaskStates?.['main']?.Events.map(({ DisplayMessage }) => DisplayMessage) ?? []

const EATS = 'x=a; while true; do x=$x$x; done'

const containerIdOf = async ({ ID }: Alloc): Promise<string> => {
  const found = await containers.withLabel(containerd, ALLOC_ID, ID)()
  return E.isRight(found) ? (found.right[0]?.id ?? '') : ''
}

const firstLine = async (alloc: Alloc, task: string): Promise<string> => {
  for (;;) {
    const text = await logs(agent, alloc, task, 'stdout')
    if (text.includes('\n')) return text
    await sleep(50)
  }
}

describe('a real Nomad agent', () => {
  it('runs the example: both outputs apart, exit code 0, nothing left', async () => {
    const job = await register(agent, fs.readFileSync(EXAMPLE, 'utf8'))
    const alloc = await allocOf(agent, job, ended)
    expect([alloc.ClientStatus, exitCodeOf(alloc, 'hello')]).toEqual(['complete', 0])
    expect(await logs(agent, alloc, 'hello', 'stdout')).toBe('hello from hello\n/alloc\n/local\n/secrets\n')
    expect(await logs(agent, alloc, 'hello', 'stderr')).toBe('a word on stderr\n')
    await purge(agent, job)
    await nothingLeft()
  })

  it('reports exit code 3 as a failed task', async () => {
    const job = await register(agent, scriptJob('three', 'exit 3'))
    const alloc = await allocOf(agent, job, ended)
    expect([alloc.ClientStatus, exitCodeOf(alloc, 'main')]).toEqual(['failed', 3])
    await purge(agent, job)
    await nothingLeft()
  })

  it('gives the task its environment and writable directories, shared with the host', async () => {
    const script = 'echo "$GREETING $NOMAD_TASK_NAME $NOMAD_MEMORY_LIMIT"; echo seen > $NOMAD_ALLOC_DIR/data/made; echo t > $NOMAD_TASK_DIR/x; touch $NOMAD_SECRETS_DIR/y'
    const job = await register(agent, scriptJob('env', script, 'env {\n GREETING = "good day"\n }'))
    const alloc = await allocOf(agent, job, ended)
    expect(exitCodeOf(alloc, 'main')).toBe(0)
    expect(await logs(agent, alloc, 'main', 'stdout')).toBe('good day main 48\n')
    expect(await agent.text(`/v1/client/fs/cat/${alloc.ID}?path=alloc/data/made`)).toBe('seen\n')
    await purge(agent, job)
  })

  it('limits memory in the cgroup of the container, and stops an obedient task within a second', async () => {
    const job = await register(agent, scriptJob('limits', 'trap "exit 0" TERM; echo ready; while true; do sleep 0.02; done', 'kill_timeout = "20s"'))
    const alloc = await allocOf(agent, job, running)
    await firstLine(alloc, 'main')
    const id = await containerIdOf(alloc)
    expect(memoryLimitOf(id)).toBe(48 * 1024 * 1024)
    const before = Date.now()
    await purge(agent, job)
    expect(Date.now() - before).toBeLessThan(1500)
    await nothingLeft()
  })

  it('shows what became of a task among its events, and floods nobody', async () => {
    const job = await register(agent, scriptJob('child-oom', 'sh -c \'x=a; while true; do x=$x$x; done\'; exit 0'))
    const alloc = await allocOf(agent, job, ended)
    const events = alloc.TaskStates?.['main']?.Events ?? []
    const messages = events.filter(({ Type }) => Type === 'Driver').map(({ DisplayMessage }) => DisplayMessage)
    expect([alloc.ClientStatus, exitCodeOf(alloc, 'main')]).toEqual(['complete', 0])
    expect(messages.filter((message) => message.startsWith('Created container '))).toHaveLength(1)
    expect(messages.join('\n')).toContain('Out of memory: the kernel killed a child of this task (OOM)')
    expect(events.length).toBeLessThan(10)
    await purge(agent, job)
    await nothingLeft()
  })

  it('shows that a child was killed, and that containerd was away, while the task goes on; and that the task was killed itself', async () => {
    const goesOn = await register(agent, scriptJob('goes-on', `sh -c '${EATS}'; trap "exit 0" TERM; while true; do sleep 0.1; done`))
    const killed = await register(agent, scriptJob('killed', `exec sh -c '${EATS}'`))
    const shows = (text: string) => (alloc: Alloc): boolean => messagesOf(alloc).some((message) => message.includes(text))
    await allocOf(agent, goesOn, shows('Out of memory: the kernel killed a child of this task (OOM); the task goes on'))
    await allocOf(agent, killed, shows('Out of memory: the kernel killed this task (OOM)'))
    await client.daemon.halt('SIGKILL')
    await allocOf(agent, goesOn, shows('containerd does not answer'))
    await client.daemon.resume()
    const alloc = await allocOf(agent, goesOn, shows('containerd answers again'))
    expect([alloc.ClientStatus, alloc.TaskStates?.['main']?.Events.length]).toEqual(['running', expect.any(Number)])
    expect(alloc.TaskStates?.['main']?.Events.length).toBeLessThan(10)
    for (const job of [goesOn, killed]) await purge(agent, job)
    await nothingLeft()
  })

  it('tells why a task cannot start, and leaves nothing', async () => {
    const job = await register(agent, scriptJob('bad', 'true').replace('command = "sh"', 'command = "/nope"'))
    const alloc = await allocOf(agent, job, ended)
    const messages = alloc.TaskStates?.['main']?.Events.map(({ DisplayMessage }) => DisplayMessage).join('\n') ?? ''
    expect(messages).toContain('"/nope"')
    await purge(agent, job)
    await nothingLeft()
  })

  it.each(['SIGKILL', 'SIGINT'] as const)('loses no task when the agent ends by %s and starts again', async (signal) => {
    const id = `survive-${signal.toLowerCase()}`
    const job = await register(agent, scriptJob(id, 'echo first; while [ ! -e $NOMAD_ALLOC_DIR/go ]; do sleep 0.05; done; echo last; exit 0'))
    const alloc = await allocOf(agent, job, running)
    await firstLine(alloc, 'main')
    const container = await containerIdOf(alloc)
    await agent.restart(signal)
    const again = await allocOf(agent, job, running)
    expect(again.ID).toBe(alloc.ID)
    expect(await containerIdOf(again)).toBe(container)
    fs.writeFileSync(path.join(await allocDirOf(alloc), 'alloc/go'), '')
    const done = await allocOf(agent, job, ended)
    expect([done.ClientStatus, exitCodeOf(done, 'main'), done.TaskStates?.['main']?.Restarts]).toEqual(['complete', 0, 0])
    expect(await logs(agent, done, 'main', 'stdout')).toBe('first\nlast\n')
    await purge(agent, job)
    await nothingLeft()
  })
})

const allocDirOf = async ({ ID }: Alloc): Promise<string> => {
  const self = (await agent.api('GET', '/v1/agent/self')) as { readonly config: { readonly DataDir: string } }
  return path.join(self.config.DataDir, 'alloc', ID)
}

const memoryLimitOf = (id: string): number => {
  const v1 = `/sys/fs/cgroup/memory/nomad/${id}/memory.limit_in_bytes`
  if (fs.existsSync(v1)) return Number(fs.readFileSync(v1, 'utf8'))
  const scopes = '/sys/fs/cgroup/nomad.slice/share.slice'
  const scope = fs.readdirSync(scopes).find((name) => name.endsWith('.main.scope')) ?? ''
  return Number(fs.readFileSync(path.join(scopes, scope, 'memory.max'), 'utf8'))
}
