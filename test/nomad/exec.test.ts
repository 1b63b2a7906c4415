import { spawn } from 'node:child_process'
import * as path from 'node:path'

import { settled } from '../system/harness/leftovers'
import { sleep } from '../system/harness/process'
import { NOMAD } from './harness/agent'
import { Client, startClient } from './harness/client'
import { Consul, startConsul } from './harness/consul'
import { Alloc, allocOf, purge, register, running, scriptJob } from './harness/jobs'

let client: Client
let daemon: Client['daemon']
let containerd: Client['containerd']
let consul: Consul
let agent: Client['agent']

jest.setTimeout(180_000)

beforeAll(async () => {
  consul = await startConsul()
  client = await startClient({ consulPort: consul.port })
  ;({ daemon, containerd, agent } = client)
}, 180_000)

afterAll(async () => {
  await client.stop()
  await consul.stop()
})

const PATIENCE_MS = 60_000

const until = async <A>(look: () => A | undefined | Promise<A | undefined>): Promise<A> => {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error(`it did not happen:\n${agent.log().slice(-3000)}`)
    await sleep(50)
  }
}

interface Said {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Without an input, standard input stays open. */
const run = (program: string, args: ReadonlyArray<string>, input?: string): Promise<Said> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { PATH: process.env['PATH'], HOME: '/nonexistent', NOMAD_ADDR: agent.url, TERM: 'vt100' }, stdio: 'pipe' })
    const said = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => { said.stdout += chunk.toString() })
    child.stderr.on('data', (chunk: Buffer) => { said.stderr += chunk.toString() })
    child.on('error', reject)
    child.on('close', (code) => { resolve({ code, ...said }) })
    child.stdin.on('error', () => undefined)
    if (input !== undefined) child.stdin.end(input)
  })

const exec = (alloc: Alloc, flags: ReadonlyArray<string>, command: ReadonlyArray<string>, input = ''): Promise<Said> =>
  run(NOMAD, ['alloc', 'exec', ...flags, alloc.ID, ...command], input)

const FOREVER = 'trap "exit 0" TERM; while true; do sleep 0.05; done'

describe('nomad alloc exec', () => {
  let job = ''
  let alloc: Alloc

  beforeAll(async () => {
    job = await register(agent, scriptJob('exec', FOREVER))
    alloc = await allocOf(agent, job, running)
  })

  afterAll(async () => {
    await purge(agent, job)
    expect(await settled(containerd)).toEqual([])
  })

  it('without input: both outputs apart, and the exit code', async () => {
    expect(await exec(alloc, ['-i=false', '-t=false'], ['sh', '-c', 'cat; echo out $NOMAD_TASK_NAME; echo err >&2; exit 43'])).toEqual({
      code: 43, stdout: 'out main\n', stderr: 'err\n'
    })
  })

  it('with input to its end', async () => {
    const text = 'a line of input\n'.repeat(20_000)
    expect(await exec(alloc, ['-i', '-t=false'], ['sh', '-c', 'wc -c; exit 7'], text)).toEqual({ code: 7, stdout: `${String(text.length)}\n`, stderr: '' })
  })

  it('on a terminal', async () => {
    const line = `stty rows 33 cols 77; ${NOMAD} alloc exec -i -t ${alloc.ID} sh -c 'sleep 0.5; stty size; exit 5'`
    const { code, stdout } = await run('script', ['--quiet', '--return', '--command', line, '/dev/null'])
    expect([code, stdout]).toEqual([5, '33 77\r\n'])
  })

  it('tells that there is no such command', async () => {
    const { code, stderr } = await exec(alloc, ['-i=false', '-t=false'], ['nope'])
    expect([code, stderr]).toEqual([127, expect.stringContaining('"nope": executable file not found in $PATH')])
  })
})

describe('script checks', () => {
  const check = (name: string, script: string): string => `
      check {
        name     = "${name}"
        type     = "script"
        command  = "sh"
        args     = ["-c", ${JSON.stringify(script)}]
        interval = "1s"
        timeout  = "2s"
      }`

  it('pass, warn, fail and run out of time', async () => {
    const checks = [check('good', 'echo all is well'), check('warns', 'echo so so; exit 1'), check('bad', 'echo broken; exit 9'),
      check('slow', 'sleep 1000'), check('missing', 'exec nope')].join('')
    const job = await register(agent, scriptJob('checks', FOREVER, `service {\n      name = "checks"\n      provider = "consul"${checks}\n      }`)
      .replace('type        = "batch"', 'type        = "service"'))
    await allocOf(agent, job, running)
    const said = await Promise.all(['good', 'warns', 'bad', 'slow', 'missing'].map((name) => until(() => consul.said(name))))
    expect(said.map(({ status }) => status)).toEqual(['passing', 'warning', 'critical', 'critical', 'critical'])
    expect(said.slice(0, 3).map(({ output }) => output)).toEqual(['all is well\n', 'so so\n', 'broken\n'])
    expect(said[3]?.output).toContain('context deadline exceeded')
    await purge(agent, job)
    expect(await settled(containerd)).toEqual([])
  })
})

describe('templates with change_mode = "script"', () => {
  const messages = (alloc: Alloc): string => alloc.TaskStates?.['main']?.Events.map(({ DisplayMessage }) => DisplayMessage).join('\n') ?? ''

  const set = (job: string, value: string): Promise<unknown> =>
    agent.api('PUT', `/v1/var/nomad/jobs/${job}`, { Path: `nomad/jobs/${job}`, Items: { word: value } })

  it('run their script in the task, and tell how it ended', async () => {
    await set('script', 'one')
    const template = `template {
        data          = "{{ with nomadVar \\"nomad/jobs/script\\" }}{{ .word }}{{ end }}"
        destination   = "local/word"
        change_mode   = "script"
        change_script {
          command = "sh"
          args    = ["-c", "cp /local/word /alloc/data/seen; test $(cat /local/word) = two"]
          timeout = "10s"
        }
      }`
    const job = await register(agent, scriptJob('script', FOREVER, template))
    const alloc = await allocOf(agent, job, running)
    await set('script', 'two')
    await allocOf(agent, job, (one) => messages(one).includes('Template successfully ran script sh'))
    expect(await agent.text(`/v1/client/fs/cat/${alloc.ID}?path=alloc/data/seen`)).toBe('two')
    await set('script', 'three')
    const failed = await allocOf(agent, job, (one) => messages(one).includes('but it exited with code: 1'))
    expect(await agent.text(`/v1/client/fs/cat/${failed.ID}?path=alloc/data/seen`)).toBe('three')
    await purge(agent, job)
    expect(await settled(containerd)).toEqual([])
  })
})

describe('Nomad\'s own conformance cases', () => {
  it('of ExecTaskStreaming all pass', async () => {
    const plugin = path.join(__dirname, '../../dist/containerd-driver')
    const documents = {
      CONFORM_PLUGIN: plugin,
      CONFORM_DIR: daemon.directory,
      CONFORM_CONFIG: JSON.stringify({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace }),
      CONFORM_TASK: JSON.stringify({ image: 'docker.io/library/busybox:1.36', command: 'sleep', args: ['1000'] })
    }
    const said = await new Promise<string>((resolve, reject) => {
      const child = spawn(path.join(path.dirname(NOMAD), 'conform'), ['-test.v'], { env: { PATH: process.env['PATH'], ...documents }, cwd: daemon.directory })
      const chunks: Array<Buffer> = []
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { chunks.push(chunk) })
      child.on('error', reject)
      child.on('close', () => { resolve(Buffer.concat(chunks).toString()) })
    })
    const verdicts = [...said.matchAll(/^ *--- (PASS|FAIL|SKIP): (\S+)/gm)].map(([, verdict, name]) => `${verdict ?? ''} ${name ?? ''}`)
    expect([verdicts.filter((one) => !one.startsWith('PASS')), said]).toEqual([[], expect.stringMatching(/\nPASS\n$/)])
    expect(verdicts).toHaveLength(11)
    expect(await settled(containerd)).toEqual([])
  })
})
