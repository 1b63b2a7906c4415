import * as fs from 'node:fs'
import * as path from 'node:path'

import { NOMAD } from '../nomad/harness/agent'
import { Client, startClient } from '../nomad/harness/client'
import { allocOf, ended, logs, purge, register, running, scriptJob } from '../nomad/harness/jobs'
import { VERSION } from '../system/harness/containerd'
import { settled } from '../system/harness/leftovers'
import { sleep } from '../system/harness/process'

let client: Client

jest.setTimeout(180_000)

beforeAll(async () => {
  if (!fs.existsSync(NOMAD)) throw new Error('make the agent with: bash scripts/build-nomad-agent.sh')
  client = await startClient()
}, 180_000)

afterAll(async () => { await client.stop() })

describe(`on containerd ${VERSION}, a task`, () => {
  // Only a clean stop takes the plugin along.
  it.each(['SIGKILL', 'SIGINT'] as const)('that ends while the agent is away (%s) is told with its real exit code', async (signal) => {
    const { agent, containerd } = client
    const job = await register(agent, scriptJob(`away-${signal.toLowerCase()}`, 'echo first; while [ ! -e $NOMAD_ALLOC_DIR/go ]; do sleep 0.05; done; exit 6'))
    const alloc = await allocOf(agent, job, running)
    while (!(await logs(agent, alloc, 'main', 'stdout')).includes('first')) await sleep(50)
    const { config } = (await agent.api('GET', '/v1/agent/self')) as { readonly config: { readonly DataDir: string } }
    await agent.restart(signal, async () => {
      fs.writeFileSync(path.join(config.DataDir, 'alloc', alloc.ID, 'alloc/go'), '')
      await sleep(1000)
    })
    const done = await allocOf(agent, job, ended)
    const code = done.TaskStates?.['main']?.Events.find(({ Type }) => Type === 'Terminated')?.ExitCode
    expect([done.ID, done.ClientStatus, code]).toEqual([alloc.ID, 'failed', 6])
    await purge(agent, job)
    expect(await settled(containerd)).toEqual([])
  })
})
