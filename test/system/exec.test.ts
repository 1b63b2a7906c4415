import { createHash, randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { ExecTaskResponse, StartTaskResponse } from '../../src/generated/nomad/driver'
import { Allocation, makeAllocation, Wanted } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { Console, openConsole } from './harness/console'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { ask, launch, Plugin, refusal } from './harness/plugin'
import { sleep } from './harness/process'

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
let task: Allocation
let started: StartTaskResponse

const stateDirectory = (): string => path.join(daemon.directory, 'state-of-driver')

const config = (): Readonly<Record<string, unknown>> => ({
  containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, state_dir: stateDirectory()
})

const allocation = (script: string, more: Omit<Wanted, 'config'> = {}): Allocation =>
  makeAllocation({ ...more, config: { image: IMAGE, command: 'sh', args: ['-c', script] } })

const start = ({ config: wanted }: Allocation): Promise<StartTaskResponse> => ask((done) => plugin.driver.startTask({ task: wanted }, done))
const destroy = ({ config: { id } }: Allocation): Promise<object> => ask((done) => plugin.driver.destroyTask({ taskId: id, force: true }, done))

const exec = (command: ReadonlyArray<string>, timeoutMs = 20_000, taskId = task.config.id): Promise<ExecTaskResponse> =>
  ask((done) => plugin.driver.execTask({
    taskId, command: [...command], timeout: { seconds: BigInt(Math.floor(timeoutMs / 1000)), nanos: (timeoutMs % 1000) * 1e6 }
  }, done))

const sh = (script: string, timeoutMs?: number): Promise<ExecTaskResponse> => exec(['sh', '-c', script], timeoutMs)

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

/** What is left of execs: directories of pipes, and processes of the task besides its first. */
const left = async (): Promise<ReadonlyArray<string>> => {
  const until = Date.now() + 15_000
  for (;;) {
    const found = [...pipes(), ...(await processes())]
    if (found.length === 0 || Date.now() > until) return found
    await sleep(20)
  }
}

const pipes = (): ReadonlyArray<string> =>
  fs.readdirSync(stateDirectory()).flatMap((container) =>
    fs.readdirSync(path.join(stateDirectory(), container)).filter((name) => name.startsWith('exec-')))

const processes = async (): Promise<ReadonlyArray<string>> => {
  const container = started.handle === undefined ? '' : (JSON.parse(text(started.handle.driverState)) as { readonly containerId: string }).containerId
  const { processes: found } = await ask<{ readonly processes: ReadonlyArray<{ readonly pid: number }> }>((done) =>
    containerd.tasks.listPids({ containerId: container }, containerd.headers(), done))
  return found.map(({ pid }) => commandOf(pid)).filter((line) => !line.includes('first-process') && line !== '')
}

const commandOf = (pid: number): string => {
  try {
    return fs.readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').split('\0').join(' ').trim()
  } catch {
    return ''
  }
}

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  plugin = await launch(config())
  task = allocation('exec tail -f /dev/null first-process', { env: { GREETING: 'good day' }, user: 'nobody' })
  started = await start(task)
}, 60_000)

afterEach(async () => { expect(await left()).toEqual([]) })

afterAll(async () => {
  await destroy(task)
  expect(await settled(containerd)).toEqual([])
  task.remove()
  await plugin.kill()
  containerd.close()
  await daemon.stop()
})

const rssMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]) / 1024

const console_ = (script: string, how: Parameters<typeof openConsole>[3] = {}): Console =>
  openConsole(plugin, task.config.id, ['sh', '-c', script], how)

const shown = async (one: Console, what: string): Promise<void> => { while (!one.stdout().includes(what)) await sleep(10) }

describe('ExecTask', () => {
  it('answers the exit code, and both outputs apart', async () => {
    const { stdout, stderr, result } = await sh('echo out; echo err >&2; exit 3')
    expect([text(stdout), text(stderr), result]).toEqual(['out\n', 'err\n', { exitCode: 3, signal: 0, oomKilled: false }])
  })

  it('runs with the rights, the environment, the directory and the cgroup of the task', async () => {
    // Not RLIMIT_NOFILE: runc before 1.1.12, built with Go 1.19 or later, may lose it in an exec (runc 4195).
    const seen = 'id -u; echo $GREETING; pwd; grep -E "^(Cap|NoNewPrivs|Seccomp:)" /proc/self/status; cat /proc/self/cgroup'
    const own = allocation(`${seen}; exec sleep 1000`, { env: { GREETING: 'good day' }, user: 'nobody' })
    await start(own)
    const { stdout } = await exec(['sh', '-c', seen], 20_000, own.config.id)
    expect(text(stdout).split('\n').slice(0, 2)).toEqual(['65534', 'good day'])
    while (own.stdout().split('\n').length < text(stdout).split('\n').length) await sleep(10)
    expect(text(stdout)).toBe(own.stdout())
    await destroy(own)
    own.remove()
  })

  it('tells the signal that ended a command', async () => {
    expect((await sh('kill -9 $$')).result).toEqual({ exitCode: 137, signal: 9, oomKilled: false })
  })

  it('reads nothing: its input has ended', async () => {
    expect(text((await sh('cat; echo end')).stdout)).toBe('end\n')
  })

  it('keeps the last MiB of each output and says so', async () => {
    const { stdout, stderr } = await sh('head -c 5000000 /dev/zero | tr "\\0" x; echo last; head -c 1048576 /dev/zero | tr "\\0" y >&2')
    expect(stdout.length).toBe(1024 * 1024)
    expect(text(stdout)).toMatch(/^\[of 5000005 bytes only the last are kept\]\nx+last\n$/)
    expect(text(stderr)).toBe('y'.repeat(1024 * 1024))
  })

  it('kills what takes longer than its time, with what it began, and says so in the words of Nomad', async () => {
    const before = Date.now()
    const wrong = await refusal(sh('sleep 1000 & sleep 1001; echo never', 300))
    expect([wrong.code, wrong.details]).toEqual([4, 'context deadline exceeded: "sh" took longer than 300 ms and is killed'])
    expect(Date.now() - before).toBeLessThan(3000)
  })

  it('is killed when the client goes', async () => {
    const call = plugin.driver.execTask({ taskId: task.config.id, command: ['sleep', '1002'], timeout: undefined }, () => undefined)
    while (!(await processes()).some((line) => line.includes('1002'))) await sleep(20)
    call.cancel()
    expect(await left()).toEqual([])
  })

  it('answers although something that it began keeps its output open, and leaves that running', async () => {
    const before = Date.now()
    const { stdout, result } = await sh('(sleep 5 &) ; echo done')
    expect([text(stdout), result?.exitCode]).toEqual(['done\n', 0])
    expect(Date.now() - before).toBeLessThan(4500)
    expect((await processes()).join()).toContain('sleep 5')
  })

  it('works a hundred times, sixteen at once', async () => {
    let next = 0
    const answers: Array<string> = []
    const worker = async (): Promise<void> => {
      while (next < 100) answers.push(text((await sh(`echo ${String(next++)}`)).stdout).trim())
    }
    await Promise.all(Array.from({ length: 16 }, worker))
    expect(answers.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index))
  })
})

describe('what cannot be done is told', () => {
  it.each<readonly [string, ReadonlyArray<string>, number, RegExp]>([
    ['a command that the image does not have', ['nope'], 2, /^the command cannot be run: .*"nope": executable file not found in \$PATH/],
    ['a path that is not there', ['/bin/nope'], 2, /"\/bin\/nope".*no such file or directory/],
    ['a file that is no program', ['/etc/passwd'], 2, /permission denied/],
    ['a directory', ['/etc'], 2, /(permission denied|is a directory)/],
    ['no command', [], 3, /^command is required but was empty$/],
    ['an empty command', [''], 3, /^command is required but was empty$/]
  ])('%s', async (_what, command, code, words) => {
    const wrong = await refusal(exec(command))
    expect([wrong.code, wrong.details]).toEqual([code, expect.stringMatching(words)])
  })

  it('an unknown task', async () => {
    const wrong = await refusal(exec(['true'], 1000, 'nobody'))
    expect([wrong.code, wrong.details]).toEqual([5, 'task not found for given id'])
  })

  it('a task that has ended, and one that is ending', async () => {
    const own = allocation('trap "" TERM; read nothing; exit 0')
    await start(own)
    await ask((done) => plugin.driver.waitTask({ taskId: own.config.id }, done))
    const wrong = await refusal(exec(['true'], 1000, own.config.id))
    expect([wrong.code, wrong.details]).toEqual([9, 'the task has ended; no command runs in it any more'])
    own.remove()
    await destroy(own)
    const other = allocation('exec sleep 1000')
    await start(other)
    const destroyed = destroy(other)
    const words = await Promise.all(Array.from({ length: 4 }, () => refusal(exec(['sleep', '1'], 1000, other.config.id)).then(({ details }) => details, () => 'ran')))
    for (const one of words) expect(one).toMatch(/^the task (is being taken down|has ended); no command runs in it any more$/)
    await destroyed
    other.remove()
  })

  it('commands that run when the task is destroyed end with it', async () => {
    const own = allocation('exec sleep 1000')
    await start(own)
    const one = openConsole(plugin, own.config.id, ['sh', '-c', 'echo ready; sleep 1003'])
    await shown(one, 'ready')
    await destroy(own)
    expect(await one.code.catch(() => 'refused')).toEqual(expect.anything())
    own.remove()
  })
})

describe('ExecTaskStreaming', () => {
  it('passes input to its end, both outputs apart, and the exit code last', async () => {
    const one = console_('cat; echo err >&2; exit 4')
    await one.type('hello ')
    one.heartbeat()
    await one.type('you\n')
    one.closeInput()
    expect([await one.code, one.stdout(), one.stderr()]).toEqual([4, 'hello you\n', 'err\n'])
    expect(await one.ended).toEqual(['stdout closed', 'stderr closed', 'exited'])
  })

  it('tells a missing command as a shell does: a word on standard error, and 127', async () => {
    const one = openConsole(plugin, task.config.id, ['nope'])
    expect([await one.code, one.stderr()]).toEqual([127, expect.stringContaining('"nope": executable file not found in $PATH\n')])
    const other = openConsole(plugin, task.config.id, ['/etc/passwd'], { tty: true })
    expect([await other.code, other.stdout()]).toEqual([126, expect.stringContaining('permission denied\r\n')])
  })

  it('refuses a first message that is no setup, a second setup, and an unknown task', async () => {
    const call = plugin.driver.execTaskStreaming()
    const wrong = new Promise<{ readonly details: string }>((resolve) => call.on('error', (error) => { resolve(error as never) }))
    call.write({ setup: undefined, ttySize: undefined, stdin: undefined })
    expect((await wrong).details).toBe('first message should always be setup')
    const one = console_('sleep 1004')
    one.send({ setup: { taskId: task.config.id, command: ['true'], tty: false } })
    expect((await refusal(one.code)).details).toBe('unexpected message type: a second setup')
    expect((await refusal(openConsole(plugin, 'nobody', ['true']).code)).details).toBe('task not found for given id')
    expect((await refusal(openConsole(plugin, task.config.id, []).code)).details).toBe('command is required but was empty')
  })

  it('gives a terminal with the caller\'s size, and its changes', async () => {
    const one = console_('stty size; trap "stty size; exit 0" WINCH; echo ready; while true; do sleep 0.05; done', { tty: true })
    await shown(one, 'ready')
    one.resize(0, 0)
    one.resize(33, 77)
    expect([await one.code, one.stdout().split('\r\n').slice(1)]).toEqual([0, ['ready', '33 77', '']])
    expect(one.stderr()).toBe('')
  })

  it('echoes on a terminal, says TERM, ends by control-D and by control-C', async () => {
    const one = console_('echo $TERM; cat; echo end', { tty: true })
    await shown(one, 'xterm')
    await one.type('hello\n')
    await shown(one, 'hello\r\nhello')
    one.closeInput()
    expect([await one.code, one.stdout()]).toEqual([0, 'xterm\r\nhello\r\nhello\r\nend\r\n'])
    const other = console_('echo ready; exec sleep 1005', { tty: true })
    await shown(other, 'ready')
    await other.type('\x03')
    expect(await other.code).toBe(130)
  })

  it('ends with the leader of a terminal, whatever that began', async () => {
    const before = Date.now()
    const one = console_('(setsid sleep 3 &) ; echo from main; exec sleep 0.1', { tty: true })
    expect([await one.code, one.stdout()]).toEqual([0, 'from main\r\n'])
    expect(Date.now() - before).toBeLessThan(2500)
  })

  it.each([false, true])('is killed with what it began when the client vanishes (terminal: %s)', async (tty) => {
    const one = console_('echo ready; sleep 1006 & sleep 1007', { tty })
    await shown(one, 'ready')
    one.vanish()
    expect(await left()).toEqual([])
  })

  it('is killed when the client vanishes before it runs, or while it reads nothing', async () => {
    for (const ms of [1, 5, 10, 20, 40, 80]) {
      const one = console_('sleep 1008')
      // grpc-js itself loses a call that is cancelled before it is on its way.
      await sleep(ms)
      one.vanish()
    }
    const deaf = console_('echo ready; exec sleep 1010')
    await shown(deaf, 'ready')
    for (let count = 0; count < 8; count += 1) void deaf.type(Buffer.alloc(1024 * 1024))
    await sleep(200)
    deaf.vanish()
    expect(await left()).toEqual([])
  })
})

const MIB = 1024 * 1024
const MUCH = 100 * MIB

describe('much passes without loss, and is never kept', () => {
  const watched = (): { readonly growth: () => number; readonly stop: () => void } => {
    const before = rssMb(plugin.pid)
    let most = before
    const timer = setInterval(() => { most = Math.max(most, rssMb(plugin.pid)) }, 20)
    return { growth: () => most - before, stop: () => { clearInterval(timer) } }
  }

  it('100 MiB to the command and back', async () => {
    const [sent, received] = [createHash('sha256'), createHash('sha256')]
    const memory = watched()
    const one = console_('cat', { heard: (chunk) => received.update(chunk) })
    for (let count = 0; count < 100; count += 1) {
      const chunk = randomBytes(MIB)
      sent.update(chunk)
      await one.type(chunk)
    }
    one.closeInput()
    expect([await one.code, one.bytes(), received.digest('hex')]).toEqual([0, MUCH, sent.digest('hex')])
    memory.stop()
    process.stderr.write(`100 MiB both ways: the plugin's memory grew by ${memory.growth().toFixed(1)} MiB\n`)
    expect(memory.growth()).toBeLessThan(64)
  }, 120_000)

  it('a client that does not read is waited for, and so is a command', async () => {
    const memory = watched()
    const one = console_('head -c 104857600 /dev/zero', { heard: () => undefined })
    while (one.bytes() === 0) await sleep(10)
    one.pause()
    await sleep(1000)
    const held = one.bytes()
    await sleep(500)
    expect(one.bytes()).toBe(held)
    expect(held).toBeLessThan(MUCH / 2)
    one.resume()
    expect([await one.code, one.bytes()]).toEqual([0, MUCH])
    memory.stop()
    process.stderr.write(`a client that does not read: the plugin's memory grew by ${memory.growth().toFixed(1)} MiB\n`)
    expect(memory.growth()).toBeLessThan(64)
  }, 120_000)
})

describe('a command outlives containerd, and not the plugin', () => {
  it('goes on while containerd is restarted', async () => {
    const one = console_('echo before; sleep 2; echo after; exit 5')
    await shown(one, 'before')
    await daemon.restart()
    expect([await one.code, one.stdout()]).toEqual([5, 'before\nafter\n'])
  })

  it('whose time is up while containerd is away is answered, and killed once it is back', async () => {
    const answer = refusal(sh('echo ready; sleep 1011', 700))
    await sleep(300)
    await daemon.halt()
    expect((await answer).details).toContain('context deadline exceeded')
    await daemon.resume()
    expect(await left()).toEqual([])
  })

  it('is taken back by the next plugin when this one is killed', async () => {
    const one = console_('echo ready; sleep 1012')
    await shown(one, 'ready')
    await plugin.kill('SIGKILL')
    expect((await processes()).join()).toContain('1012')
    plugin = await launch(config())
    await ask((done) => plugin.driver.recoverTask({ taskId: '', handle: started.handle }, done))
    expect(await left()).toEqual([])
    expect(text((await sh('echo again')).stdout)).toBe('again\n')
  })
})
