
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { DriverTaskEvent, ExitResult, FingerprintResponse, StartTaskResponse, TaskConfig, TaskStatsResponse, WaitTaskResponse } from '../../src/generated/nomad/driver'
import { Allocation, makeAllocation, Wanted } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { ask, launch, Plugin, refusal } from './harness/plugin'
import { sleep } from './harness/process'


let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
const made: Array<Allocation> = []

const config = (): Readonly<Record<string, unknown>> => ({
  containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, stats_interval: '200ms'
})

const allocation = (wanted: Wanted): Allocation => {
  const one = makeAllocation(wanted)
  made.push(one)
  return one
}

const sh = (script: string, more: Omit<Wanted, 'config'> = {}): Allocation =>
  allocation({ ...more, config: { image: IMAGE, command: 'sh', args: ['-c', script] } })

const start = ({ config: task }: { readonly config: TaskConfig }): Promise<StartTaskResponse> => ask((done) => plugin.driver.startTask({ task }, done))
const wait = ({ config: { id } }: Allocation): Promise<WaitTaskResponse> => ask((done) => plugin.driver.waitTask({ taskId: id }, done))
const destroy = ({ config: { id } }: Allocation, force = false): Promise<object> => ask((done) => plugin.driver.destroyTask({ taskId: id, force }, done))
const stop = ({ config: { id } }: Allocation, seconds: number, signal = ''): Promise<object> =>
  ask((done) => plugin.driver.stopTask({ taskId: id, timeout: { seconds: BigInt(seconds), nanos: 0 }, signal }, done))

const exit = (exitCode: number, signal = 0, oomKilled = false): ExitResult => ({ exitCode, signal, oomKilled })

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  plugin = await launch(config())
}, 60_000)

afterEach(async () => {
  for (const one of made) await destroy(one, true)
  expect(await settled(containerd)).toEqual([])
  for (const one of made.splice(0)) one.remove()
})

afterAll(async () => {
  await plugin.kill()
  containerd.close()
  await daemon.stop()
})

describe('the plugin as Nomad sees it', () => {
  it('says one line on stdout, the handshake, and nothing else ever', () => {
    expect(plugin.handshake).toMatch(/^1\|2\|unix\|\/.*\|grpc\|$/)
    expect(plugin.stdout()).toBe(`${plugin.handshake}\n`)
  })

  it('runs a task: output on both streams apart, exit code, nothing left after destroy', async () => {
    const one = sh('echo out; echo err >&2; exit 3')
    const { handle } = await start(one)
    expect(handle?.config?.id).toBe(one.config.id)
    expect(await wait(one)).toEqual({ result: exit(3), err: '' })
    await one.outputEnds
    expect([one.stdout(), one.stderr()]).toEqual(['out\n', 'err\n'])
    await destroy(one)
  })

  it('sees environment and the three directories inside', async () => {
    const one = sh('echo $GREETING; echo data > $NOMAD_TASK_DIR/made; ls -d $NOMAD_ALLOC_DIR $NOMAD_SECRETS_DIR', { env: { GREETING: 'good day' } })
    await start(one)
    expect((await wait(one)).result).toEqual(exit(0))
    await one.outputEnds
    expect(one.stdout()).toBe('good day\n/alloc\n/secrets\n')
  })

  it('runs as the user that is asked for, who can write to /dev/stdout', async () => {
    const one = sh('id -u; id -g; echo via-dev > /dev/stdout', { user: 'nobody' })
    await start(one)
    await wait(one)
    await one.outputEnds
    expect(one.stdout()).toBe('65534\n65534\nvia-dev\n')
  })

  it('stops an obedient task at once', async () => {
    const one = sh('trap "exit 7" TERM; echo ready; while true; do sleep 0.02; done')
    await start(one)
    while (!one.stdout().includes('ready')) await sleep(10)
    const before = Date.now()
    await stop(one, 20)
    expect(Date.now() - before).toBeLessThan(1000)
    expect((await wait(one)).result).toEqual(exit(7))
  })

  it('kills a stubborn task when its time is up', async () => {
    const one = sh('trap "" TERM; echo ready; while true; do sleep 0.1; done')
    await start(one)
    while (!one.stdout().includes('ready')) await sleep(10)
    const before = Date.now()
    await stop(one, 1)
    expect(Date.now() - before).toBeGreaterThanOrEqual(950)
    expect((await wait(one)).result).toEqual(exit(137, 9))
  })

  it('sends a signal by name and refuses one that does not exist', async () => {
    const one = sh('trap "echo usr1; exit 0" USR1; echo ready; while true; do sleep 0.02; done')
    await start(one)
    while (!one.stdout().includes('ready')) await sleep(10)
    const wrong = await refusal(ask((done) => plugin.driver.signalTask({ taskId: one.config.id, signal: 'SIGNOPE' }, done)))
    expect(wrong.details).toContain('invalid signal "SIGNOPE"')
    await ask((done) => plugin.driver.signalTask({ taskId: one.config.id, signal: 'sigusr1' }, done))
    expect((await wait(one)).result).toEqual(exit(0))
  })

  it('tells that a task was killed for want of memory', async () => {
    const one = sh('x=a; while true; do x=$x$x; done', { memoryMb: 16 })
    await start(one)
    const ended = await wait(one)
    expect(ended.result?.oomKilled).toBe(true)
    expect(ended.err).toMatch(/^OOM Killed: .*raise memory or memory_max/)
  })

  it('counts the exit of the task itself where only a child was killed for want of memory, and tells of the child', async () => {
    const events: Array<DriverTaskEvent> = []
    const stream = plugin.driver.taskEvents({})
    stream.on('data', (event: DriverTaskEvent) => { events.push(event) })
    stream.on('error', () => undefined)
    const one = sh('sh -c \'x=a; while true; do x=$x$x; done\'; exit 0', { memoryMb: 16 })
    await start(one)
    expect(await wait(one)).toEqual({ result: exit(0), err: '' })
    while (events.length < 2) await sleep(20)
    stream.cancel()
    expect(events.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Created container /), expect.stringMatching(/^Out of memory: the kernel killed a child of this task \(OOM\); .* exit code 0/)
    ])
    expect(events[1]).toMatchObject({ taskId: one.config.id, allocId: one.config.allocId, taskName: one.config.name })
  })

  it('streams statistics while the task runs', async () => {
    const one = sh('while true; do :; done')
    await start(one)
    const stream = plugin.driver.taskStats({ taskId: one.config.id, collectionInterval: { seconds: 1n, nanos: 0 } })
    const samples: Array<TaskStatsResponse> = []
    stream.on('data', (sample: TaskStatsResponse) => { samples.push(sample) })
    stream.on('error', () => undefined)
    while (samples.length < 4) await sleep(50)
    stream.cancel()
    const last = samples.at(-1)?.stats?.aggResourceUsage
    // On a busy machine a task gets little of a core, so the busiest moment counts.
    expect(Math.max(...samples.map(({ stats }) => stats?.aggResourceUsage?.cpu?.percent ?? 0))).toBeGreaterThan(5)
    expect(Number(last?.memory?.usage)).toBeGreaterThan(0)
  })

  it('destroys a running task only when forced', async () => {
    const one = sh('sleep 1000')
    await start(one)
    expect((await refusal(destroy(one))).details).toContain('cannot destroy running task')
    await destroy(one, true)
  })

  it('refuses a second start under the same id', async () => {
    const one = sh('sleep 1000')
    await start(one)
    expect((await refusal(start(one))).details).toContain('already started')
  })
})

describe('a task that cannot start leaves nothing and says why', () => {
  it('names the command that the image does not have', async () => {
    const one = allocation({ config: { image: IMAGE, command: '/bin/nope' } })
    const wrong = await refusal(start(one))
    expect(wrong.details).toMatch(/create task .*"\/bin\/nope".*no such file/)
    expect(await settled(containerd)).toEqual([])
  })

  it('tells every mistake of the config at once', async () => {
    const one = allocation({ config: { image: 'Bad', comand: 'x', pid_mode: 'mine' } })
    const wrong = await refusal(start(one))
    expect(wrong.details.split('\n')).toHaveLength(3)
    expect(wrong.details).toContain('did you mean "command"?')
  })

  it('names the registry that does not answer, and Nomad may try again', async () => {
    const one = allocation({ config: { image: '127.0.0.1:9/none:1', command: 'sh' } })
    const wrong = await refusal(start(one))
    expect(wrong.code).toBe(9)
    expect(wrong.details).toContain('registry 127.0.0.1:9 cannot be reached')
    expect(wrong.metadata.get('grpc-status-details-bin')).toHaveLength(1)
  })
})

describe('tasks outlive the plugin', () => {
  const recover = ({ handle }: StartTaskResponse): Promise<object> =>
    ask((done) => plugin.driver.recoverTask({ taskId: '', handle: handle === undefined ? undefined : { ...handle, config: { ...(handle.config as TaskConfig), msgpackDriverConfig: Buffer.alloc(0) } } }, done))

  const replace = async (): Promise<void> => {
    await plugin.kill('SIGKILL')
    plugin = await launch(config())
  }

  it('finds a running task again and sees its end', async () => {
    const one = sh('sleep 1; echo late; exit 4')
    const started = await start(one)
    await replace()
    await recover(started)
    await recover(started)
    expect((await wait(one)).result).toEqual(exit(4))
    await one.outputEnds
    expect(one.stdout()).toBe('late\n')
  })

  it('recovers the exit code of a task that ended while nobody watched', async () => {
    const one = sh('exit 5')
    const started = await start(one)
    await plugin.kill('SIGKILL')
    await one.outputEnds
    plugin = await launch(config())
    await recover(started)
    expect((await wait(one)).result).toEqual(exit(5))
  })

  it('says that a task is gone when its container is', async () => {
    const one = sh('sleep 1000')
    const started = await start(one)
    await destroy(one, true)
    expect((await refusal(recover(started))).details).toContain('does not exist any more')
  })

  it('sees the end of a task through a restart of containerd', async () => {
    const one = sh('sleep 2; exit 6')
    await start(one)
    await daemon.restart()
    expect((await wait(one)).result).toEqual(exit(6))
  })
})

describe('without containerd', () => {
  it('is undetected with the reason, and heals when the socket appears', async () => {
    const other = await launch({ ...config(), address: `${daemon.directory}/later.sock` })
    const seen: Array<FingerprintResponse> = []
    const stream = other.driver.fingerprint({})
    stream.on('data', (one: FingerprintResponse) => { seen.push(one) })
    stream.on('error', () => undefined)
    while (seen.length < 1) await sleep(20)
    expect(seen[0]?.health).toBe(0)
    expect(seen[0]?.healthDescription).toContain('later.sock')
    const fs = await import('node:fs')
    fs.symlinkSync(daemon.address, `${daemon.directory}/later.sock`)
    while (seen.length < 2) await sleep(20)
    expect(seen[1]?.health).toBe(2)
    expect(other.stdout()).toBe(`${other.handshake}\n`)
    await other.kill()
  })
})
