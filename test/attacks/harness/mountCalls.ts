import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The system calls that mount something while `act` runs, in this process and those that it starts, as strace writes them. */
export const mountCalls = async (act: () => Promise<void>): Promise<ReadonlyArray<string>> => {
  const tracer = spawn('strace', ['-f', '-q', '-e', 'trace=mount,open_tree,move_mount', '-p', String(process.pid)], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  const ended = new Promise<void>((resolve, reject) => {
    tracer.once('error', (error) => { reject(new Error(`strace cannot be started (${error.message}); install it with: bash scripts/install.sh test`)) })
    tracer.once('exit', () => { resolve() })
  })
  tracer.stderr.on('data', (chunk: Buffer) => { said += chunk.toString() })
  await Promise.race([attached(), ended])
  await act()
  tracer.kill('SIGINT')
  await ended
  return said.split('\n').filter((line) => /(?:mount|open_tree|move_mount)\(/.test(line))
}

const WAIT_MS = 10_000

/** Resolves once somebody traces this process. */
const attached = async (): Promise<void> => {
  for (const until = Date.now() + WAIT_MS; !/^TracerPid:\s*[1-9]/m.test(readFileSync('/proc/self/status', 'utf8'));) {
    if (Date.now() > until) throw new Error('strace has not attached within ten seconds')
    await new Promise((resolve) => { setTimeout(resolve, 20) })
  }
}
