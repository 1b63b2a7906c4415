import { ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

import { endSession as endedBy } from '../../../src/effects/host/endSession'
import { systemClock } from '../../../src/effects/ports/systemClock'

const endSession = (leader: number, inContainer: () => Promise<ReadonlyArray<number>>): Promise<boolean> =>
  endedBy(leader, inContainer, systemClock)

const made: Array<ChildProcess> = []

/** A shell that leads a session of its own, and begins a process for every line that it is told. */
const leader = (): ChildProcess & { readonly pid: number } => {
  const child = spawn('sh', ['-c', 'while read line; do sleep 1000 >&- & echo $!; done; exec sleep 1000'], { detached: true, stdio: ['pipe', 'pipe', 'ignore'] })
  made.push(child)
  return child as ChildProcess & { readonly pid: number }
}

const begin = (shell: ChildProcess): Promise<number> => new Promise((resolve) => {
  shell.stdout?.once('data', (line: Buffer) => { resolve(Number(line.toString())) })
  shell.stdin?.write('\n')
})

const runs = (pid: number): boolean =>
  existsSync(`/proc/${String(pid)}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'))

const gone = async (pid: number): Promise<boolean> => {
  const until = Date.now() + 5000
  while (runs(pid) && Date.now() < until) await new Promise((resolve) => { setTimeout(resolve, 5) })
  return !runs(pid)
}

afterEach(() => {
  for (const child of made.splice(0)) {
    try { execFileSync('pkill', ['-KILL', '-s', String(child.pid)]) } catch { /* Nothing of it is left. */ }
  }
})

it('ends what is left of a session, and says so', async () => {
  const shell = leader()
  const [one, other] = [await begin(shell), await begin(shell)]
  expect(await endSession(shell.pid, () => Promise.resolve([shell.pid, one, other]))).toBe(true)
  expect([await gone(one), await gone(other), runs(shell.pid)]).toEqual([true, true, true])
})

it('touches no process of another session, whatever its number was before', async () => {
  const [shell, stranger] = [leader(), leader()]
  const [child, strange] = [await begin(shell), await begin(stranger)]
  expect(await endSession(shell.pid, () => Promise.resolve([strange, stranger.pid, process.pid, 1]))).toBe(true)
  expect([runs(child), runs(strange), runs(stranger.pid)]).toEqual([true, true, true])
})

it('touches nothing that is not in the container', async () => {
  const shell = leader()
  const child = await begin(shell)
  expect(await endSession(shell.pid, () => Promise.resolve([]))).toBe(true)
  expect(runs(child)).toBe(true)
})

it('has nothing to end where the leader is no process, or the first of all', async () => {
  for (const pid of [0, 1, -1]) expect(await endSession(pid, () => Promise.reject(new Error('is not asked')))).toBe(true)
})

it('finds what forks while it is looked for', async () => {
  const shell = leader()
  const children = [await begin(shell)]
  const forking = async (): Promise<ReadonlyArray<number>> => {
    if (children.length < 4) children.push(await begin(shell))
    return [...children]
  }
  expect(await endSession(shell.pid, forking)).toBe(true)
  for (const child of children) expect(await gone(child)).toBe(true)
})

it('says when what goes on forking is not gone', async () => {
  const shell = leader()
  let looks = 0
  const forking = async (): Promise<ReadonlyArray<number>> => {
    looks += 1
    return [await begin(shell)]
  }
  expect(await endSession(shell.pid, forking)).toBe(false)
  expect(looks).toBe(10)
})
