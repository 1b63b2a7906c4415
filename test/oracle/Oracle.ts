import { ChildProcess, execFileSync, spawn } from 'node:child_process'
import * as path from 'node:path'
import * as readline from 'node:readline'

import { Neutral } from './neutral'

/** A spec as JSON has it: what fields it has is what the test is about. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any

/** Both specs as runc would read them, or why containerd's options refuse the task. */
export interface Answer {
  readonly theirs?: Json
  readonly ours?: Json
  readonly error?: string
}

/** containerd's own option functions, in a process of their own. */
export interface Oracle {
  readonly ask: (task: Neutral, spec: string) => Promise<Answer>
  readonly stop: () => Promise<void>
}

const BUILD = path.join(__dirname, '../../scripts/build-oracle.sh')

/** Builds the program when its sources changed, and starts it. Without a Go it says what to install. */
export const startOracle = (): Oracle => {
  const child = spawn(build(), [], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    ask: async (task, spec) => {
      child.stdin.write(`{"task":${JSON.stringify(task)},"spec":${spec}}\n`)
      const line = await lines.next()
      if (line.done === true) throw new Error('the oracle ended: its standard error says why')
      return JSON.parse(line.value) as Answer
    },
    stop: () => ended(child)
  }
}

const build = (): string => {
  try {
    return execFileSync('bash', [BUILD], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
  } catch (thrown) {
    throw new Error(`the oracle was not built:\n${String((thrown as { readonly stderr?: unknown }).stderr ?? thrown)}`)
  }
}

const ended = async (child: ChildProcess): Promise<void> => {
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.stdin?.end()
  await exit
}
