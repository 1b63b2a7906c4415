import { ServiceError, status } from '@grpc/grpc-js'

import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { ListContainersResponse } from '../../src/generated/containerd/containers'
import { TaskHandle, TaskState } from '../../src/generated/nomad/driver'
import { Allocation, makeAllocation } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { Calls, refusedWith, said } from './harness/calls'
import { openConsole } from './harness/console'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { ask, launch, Plugin } from './harness/plugin'

// What Nomad, or a job by it, may ask that makes no sense: each has one answer.

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
const made: Array<Allocation> = []
const { start, wait, stop, destroy, recover, signal, inspect, exec, stats } = Calls(() => plugin)

const relaunch = async (): Promise<void> => {
  plugin = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace })
}

const sh = (script: string, beside?: Allocation): Allocation => {
  const one = makeAllocation({ config: { image: IMAGE, command: 'sh', args: ['-c', script] }, ...(beside === undefined ? {} : { beside }) })
  made.push(one)
  return one
}

const containers = async (): Promise<number> =>
  (await ask<ListContainersResponse>((done) => containerd.containers.list({ filters: [] }, containerd.headers(), done))).containers.length

const codeOf = (thrown: unknown): number => (thrown as ServiceError).code

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  await relaunch()
}, 60_000)

afterEach(async () => {
  for (const { config } of made) await destroy(config.id)
  expect(await settled(containerd)).toEqual([])
  for (const one of made.splice(0)) one.remove()
})

afterAll(async () => {
  await plugin.kill()
  containerd.close()
  await daemon.stop()
})

it('a signal that does not exist is refused, and nothing is sent', async () => {
  const one = sh('echo ready; exec sleep 1000')
  await start(one.config)
  for (const name of ['FOO', 'SIGFOO', '99', '0', '65', '-9', '9.5', 'SIGRTMIN+31', 'SIG', '', ' ', 'SIGTERM\n']) {
    const words = `failed to parse signal: invalid signal ${JSON.stringify(name)} - use a name such as SIGTERM, SIGHUP or SIGUSR1`
    expect(await refusedWith(signal(one.config.id, name))).toEqual([status.INVALID_ARGUMENT, words])
    // With none a task is stopped by its own.
    if (name !== '') expect(await refusedWith(stop(one.config.id, 1, name))).toEqual([status.INVALID_ARGUMENT, words])
  }
  expect((await inspect(one.config.id)).task?.state).toBe(TaskState.RUNNING)
})

describe('a task that nobody knows', () => {
  const ID = 'no-such-allocation/web/00000000'
  const UNKNOWN = [status.NOT_FOUND, 'task not found for given id']

  it.each<readonly [string, () => Promise<unknown>]>([
    ['WaitTask', () => wait(ID)], ['InspectTask', () => inspect(ID)], ['TaskStats', () => stats(ID)], ['SignalTask', () => signal(ID, 'SIGHUP')],
    ['ExecTask', () => exec(ID, ['true'])], ['ExecTaskStreaming', () => openConsole(plugin, ID, ['true']).code]
  ])('%s says so', async (_method, call) => { expect(await refusedWith(call())).toEqual(UNKNOWN) })

  // Nomad asks again and again, for minutes, where they fail.
  it('StopTask and DestroyTask have nothing to do', async () => {
    for (const id of [ID, '', '../..', 'a'.repeat(5000), '"; rm -rf /', 'é\u0000']) {
      await stop(id, 1)
      await destroy(id)
      await destroy(id, false)
    }
  })

  it('is what one is that was destroyed', async () => {
    const one = sh('sleep 1000')
    await start(one.config)
    await destroy(one.config.id)
    expect(await refusedWith(wait(one.config.id))).toEqual(UNKNOWN)
    await destroy(one.config.id)
  })
})

describe('two starts under one id', () => {
  it('one after the other: the second is refused, the first goes on', async () => {
    const one = sh('echo ready; exec sleep 1000')
    await start(one.config)
    await said(one, 'ready')
    expect(await refusedWith(start(one.config))).toEqual([status.ALREADY_EXISTS, `task with ID ${JSON.stringify(one.config.id)} already started`])
    expect((await exec(one.config.id, ['echo', 'alive'])).stdout.toString()).toBe('alive\n')
  })

  it('at once: one of them runs, the others are refused', async () => {
    const one = sh('echo ready; exec sleep 1000')
    const answers = await Promise.all(Array.from({ length: 5 }, () => start(one.config).then(() => 'runs', codeOf)))
    expect(answers.filter((answer) => answer === 'runs')).toHaveLength(1)
    expect(answers.filter((answer) => answer === status.ALREADY_EXISTS)).toHaveLength(4)
    expect(await containers()).toBe(1)
    await said(one, 'ready')
    expect(one.stdout()).toBe('ready\n')
  })
})

describe('a handle', () => {
  const handleOf = async (one: Allocation): Promise<TaskHandle> => (await start(one.config)).handle as TaskHandle

  const withState = (handle: TaskHandle, state: Buffer | object): TaskHandle =>
    ({ ...handle, driverState: Buffer.isBuffer(state) ? state : Buffer.from(JSON.stringify(state)) })

  const stateIn = ({ driverState }: TaskHandle): Readonly<Record<string, unknown>> => JSON.parse(driverState.toString()) as Readonly<Record<string, unknown>>

  const replaced = async (): Promise<void> => {
    await plugin.kill('SIGKILL')
    await relaunch()
  }

  it('of the first version of the driver, which stored less, leads to its task', async () => {
    const one = sh('trap "exit 4" TERM; echo ready; while true; do sleep 0.05; done')
    const handle = await handleOf(one)
    await said(one, 'ready')
    await replaced()
    const { version, containerId, address, namespace, stopSignal, startedAtMs, undos } = stateIn(handle)
    await recover(withState(handle, { version, containerId, address, namespace, stopSignal, startedAtMs, undos }))
    expect((await exec(one.config.id, ['echo', 'alive'])).stdout.toString()).toBe('alive\n')
    await stop(one.config.id, 10)
    expect((await wait(one.config.id)).result?.exitCode).toBe(4)
  })

  const BROKEN = 'the handle cannot be read: another driver wrote it, or it is broken; the task has to be started anew'

  const garbage = (state: Readonly<Record<string, unknown>>): ReadonlyArray<Buffer | object> => {
    const { undos: _undos, ...without } = state
    const texts = ['', '"handle"', JSON.stringify(state).slice(0, 90), 'null', '1', '[]', '{}']
    return [
      ...texts.map((text) => Buffer.from(text)), Buffer.from([0xff, 0xfe, 0x00, 0x80]), { ReattachConfig: { Pid: 1 }, ContainerID: 'abc' }, without,
      { ...state, undos: [{ _tag: 'RemoveEverything', path: '/' }] }, { ...state, stopSignal: 'SIGTERM' }, { ...state, version: '1' }
    ]
  }

  it('that is garbage is refused, and what ran by it is taken back when Nomad starts the task anew', async () => {
    const one = sh('echo ready; exec sleep 1000')
    const handle = await handleOf(one)
    await said(one, 'ready')
    await replaced()
    for (const broken of garbage(stateIn(handle))) {
      expect(await refusedWith(recover(withState(handle, broken)))).toEqual([status.INVALID_ARGUMENT, BROKEN])
    }
    const again = sh('exec sleep 1000', one)
    await start(again.config)
    expect(await containers()).toBe(1)
  })

  it('of another version is told with both versions', async () => {
    const one = sh('exec sleep 1000')
    const handle = await handleOf(one)
    await replaced()
    for (const version of [0, 2, 77]) {
      expect(await refusedWith(recover(withState(handle, { ...stateIn(handle), version })))).toEqual([
        status.INVALID_ARGUMENT,
        `the handle is of version ${String(version)} and this driver reads version 1; go back to the version of the driver that wrote it, or start the task anew`
      ])
    }
  })

  it('of a task, and none at all: there is nothing to find', async () => {
    expect(await refusedWith(recover(undefined))).toEqual([status.INVALID_ARGUMENT, 'the handle holds no task'])
    expect(await refusedWith(recover(TaskHandle.fromPartial({ version: 1 })))).toEqual([status.INVALID_ARGUMENT, 'the handle holds no task'])
  })
})

describe('a command', () => {
  it('without a word, with an empty one, that the image does not have, and in a task that is ending: refused, and the task goes on', async () => {
    const one = sh('trap "sleep 1; exit 3" TERM; echo ready; while true; do sleep 0.05; done')
    const { id } = one.config
    await start(one.config)
    await said(one, 'ready')
    for (const command of [[], ['']]) {
      expect(await refusedWith(exec(id, command))).toEqual([status.INVALID_ARGUMENT, 'command is required but was empty'])
      expect(await refusedWith(openConsole(plugin, id, command).code)).toEqual([status.INVALID_ARGUMENT, 'command is required but was empty'])
    }
    expect(await refusedWith(exec(id, ['nope']))).toEqual([status.UNKNOWN, expect.stringMatching(/^the command cannot be run: .*"nope": executable file not found in \$PATH/)])
    const stopped = stop(id, 20)
    // Until it has ended a script of its own may help it to.
    expect((await exec(id, ['echo', 'still here'])).stdout.toString()).toBe('still here\n')
    await stopped
    expect(await refusedWith(exec(id, ['true']))).toEqual([status.FAILED_PRECONDITION, 'the task has ended; no command runs in it any more'])
    expect((await wait(id)).result?.exitCode).toBe(3)
  })

  it('on a terminal of no size, or of one that no terminal has, goes on as it was', async () => {
    const one = sh('exec sleep 1000')
    await start(one.config)
    const console = openConsole(plugin, one.config.id, ['sh', '-c', 'trap "stty size" WINCH; echo ready; read line; stty size'], { tty: true })
    while (!console.stdout().includes('ready')) await new Promise((resolve) => { setTimeout(resolve, 10) })
    console.resize(31, 72)
    while (!console.stdout().includes('31 72')) await new Promise((resolve) => { setTimeout(resolve, 10) })
    for (const [height, width] of [[0, 0], [0, 80], [24, 0], [-1, -1], [65_536, 80], [2 ** 31 - 1, 2 ** 31 - 1]] as const) console.resize(height, width)
    await console.type('go on\r')
    expect([await console.code, console.stdout().match(/\d+ \d+/g)]).toEqual([0, ['31 72', '31 72']])
  })
})
