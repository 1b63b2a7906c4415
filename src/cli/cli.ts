import { CommanderError } from 'commander'

import { Output } from './Output'
import { program } from './program'

/** Runs one command line and writes what it says. Resolves to the exit code. */
export const cli = async (args: ReadonlyArray<string>): Promise<number> => {
  const state: { exitCode: number } = { exitCode: 0 }
  const say = (output: Output): void => {
    process.stderr.write(output.stderr)
    process.stdout.write(output.stdout)
    state.exitCode = output.exitCode
  }
  // A reader that has seen enough (`| head`) closes the pipe: that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => { if (error.code !== 'EPIPE') throw error })
  try {
    await program(say).parseAsync(args.map(asNomad), { from: 'user' })
    return state.exitCode
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2
    if (isIncomplete(thrown)) {
      process.stderr.write(`${thrown.message}\n`)
      return 2
    }
    process.stderr.write(internal(thrown, args.includes('--debug')))
    return 3
  }
}

// Nomad writes these two with one dash.
const asNomad = (arg: string): string => arg.replace(/^-(var|var-file)(?==|$)/, '--$1')

/** Whether the program was copied without the file that holds most of its commands (scripts/build.mjs). */
const isIncomplete = (thrown: unknown): thrown is Error => thrown instanceof Error && 'code' in thrown && thrown.code === 'NO_PARTS'

const internal = (thrown: unknown, debug: boolean): string => {
  const { message, stack } = thrown instanceof Error ? thrown : { message: String(thrown), stack: undefined }
  return `internal error: ${message}\n${debug ? `${stack ?? ''}\n` : '--debug shows where\n'}`
}

