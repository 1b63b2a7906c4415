import { execFileSync, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { createInterface } from 'node:readline'

/** containerd's oci.GenerateSpec and json.Marshal, in a process of Go that makes specs whenever it is asked to. */
export interface GenerateSpec {
  /** So many specs: microseconds and bytes of one. */
  readonly run: (rounds: number) => Promise<{ readonly us: number; readonly bytes: number }>
  readonly stop: () => void
}

/** For the task that this spec was made of. */
export const generateSpec = (spec: string): GenerateSpec => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'generate-spec-'))
  const file = path.join(dir, 'spec.json')
  fs.writeFileSync(file, spec)
  const child = spawn(execFileSync('bench/build-go.sh', { encoding: 'utf8' }).trim(), [file], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    run: async (rounds) => {
      child.stdin.write(`${String(rounds)}\n`)
      const line = await lines.next()
      if (line.done === true) throw new Error('bench/go has ended')
      const [ns = NaN, bytes = NaN] = line.value.split(' ').map(Number)
      return { us: ns / 1000, bytes }
    },
    stop: () => {
      child.stdin.end()
      fs.rmSync(dir, { recursive: true, force: true })
    }
  }
}
