import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { CommanderError } from 'commander'

import { Output } from '../../src/cli/output/Output'
import { program } from '../../src/cli/program/program'

export const WASM = path.join(__dirname, '../../dist/jobspec.wasm')

/** Runs one command line in this process: what it says, and its exit code. */
export const commandLine = async (...args: ReadonlyArray<string>): Promise<Output> => {
  process.env['CONTAINERD_DRIVER_JOBSPEC'] = WASM
  const said: Array<Output> = []
  try {
    await program((output) => said.push(output)).parseAsync(args, { from: 'user' })
  } catch (thrown) {
    if (thrown instanceof CommanderError) return { stdout: '', stderr: thrown.message, exitCode: thrown.exitCode === 0 ? 0 : 2 }
    throw thrown
  }
  return said[0] ?? { stdout: '', stderr: 'nothing was said', exitCode: -1 }
}

/** A directory of its own, removed after the tests of the file. */
export const workDir = (): string => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'containerd-driver-'))
  afterAll(() => { fs.rmSync(dir, { recursive: true, force: true }) })
  return dir
}

/** Writes files below a directory; the text of each by its name. */
export const put = (dir: string, files: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true })
    fs.writeFileSync(path.join(dir, name), text)
  }
}

/** A job with one group of tasks; each by the text of its `task` block's inside. */
export const job = (tasks: Readonly<Record<string, string>>): string =>
  `job "shop" {\n  group "web" {\n${Object.entries(tasks).map(([name, inside]) => `    task "${name}" {\n${inside}\n    }\n`).join('')}  }\n}\n`

/** The inside of a task of this driver, with these lines in its config. */
export const ours = (...config: ReadonlyArray<string>): string =>
  ['      driver = "containerd-driver"', '      config {', ...config.map((line) => `        ${line}`), '      }'].join('\n')
