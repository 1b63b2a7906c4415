import { execFileSync, spawn } from 'node:child_process'
import * as readline from 'node:readline'

/** One of the programs of bench/go, warm: a line is told, and the milliseconds are answered that it took. */
export interface GoClient {
  readonly ask: (line: string) => Promise<number>
  readonly end: () => void
}

export const GoClient = (program: 'exec' | 'lifecycle', ...args: ReadonlyArray<string>): GoClient => {
  const binary = execFileSync('bash', ['bench/build-go.sh', program], { encoding: 'utf8' }).trim()
  const client = spawn(binary, [...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = readline.createInterface({ input: client.stdout })[Symbol.asyncIterator]()
  return {
    ask: async (line) => {
      client.stdin.write(`${line}\n`)
      return Number((await lines.next()).value) / 1000
    },
    end: () => { client.stdin.end() }
  }
}

/** What two sides took for the same, in turn, in milliseconds. */
export interface Pairs {
  readonly ours: ReadonlyArray<number>
  readonly theirs: ReadonlyArray<number>
}

/** Both sides so many times, each first as often as the other; the first rounds do not count. */
export const inTurn = async (
  rounds: number, warm: number, ours: () => Promise<number>, theirs: () => Promise<number>
): Promise<Pairs> => {
  const pairs: Array<readonly [number, number]> = []
  for (let count = 0; count < rounds + warm; count += 1) {
    const first = count % 2 === 0 ? await ours() : undefined
    const other = await theirs()
    pairs.push([first ?? await ours(), other])
  }
  return { ours: pairs.slice(warm).map(([a]) => a), theirs: pairs.slice(warm).map(([, b]) => b) }
}
