import { Command, CommanderError } from 'commander'

import { printable } from '../core/domain/printable'
import { reasonOf } from './load/readText'
import { Output } from './output/Output'
import { program } from './program/program'

/** Runs one command line and writes what it says. Resolves to the exit code: `make` gives the commands. */
export const cli = async (
  args: ReadonlyArray<string>,
  make: (say: (output: Output) => void) => Command = program
): Promise<number> => {
  const state: { exitCode: number } = { exitCode: 0 }
  const say = (output: Output): void => {
    process.stderr.write(output.stderr.split('\n').map(printable).join('\n'))
    process.stdout.write(output.stdout)
    state.exitCode = output.exitCode
  }
  const wrong = args.includes('--detailed-exitcode') ? 1 : 2
  process.stdout.once('error', lost(wrong))
  // Where not even this can be written, the exit code says it.
  process.stderr.on('error', () => undefined)
  try {
    await make(say).parseAsync(args.map(asNomad), { from: 'user' })
    return state.exitCode
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : wrong
    if (isIncomplete(thrown)) {
      process.stderr.write(`${thrown.message}\n`)
      return wrong
    }
    process.stderr.write(internal(thrown, args.includes('--debug')))
    return 3
  }
}

/**
 * A standard output that cannot be written, a full disk mostly. A reader that has seen enough (`| head`) closes the
 * pipe: that is no error.
 */
const lost = (exitCode: number) => (error: NodeJS.ErrnoException): void => {
  if (error.code === 'EPIPE') return
  process.stderr.write(`standard output cannot be written: ${reasonOf(error)}\n`)
  process.once('exit', () => { process.exitCode = exitCode })
}

// Nomad writes these two with one dash.
const asNomad = (arg: string): string => arg.replace(/^-(var|var-file)(?==|$)/, '--$1')

/** Whether the program was copied without the file that holds most of its commands (scripts/build.mjs). */
const isIncomplete = (thrown: unknown): thrown is Error =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'NO_PARTS'

const internal = (thrown: unknown, debug: boolean): string => {
  const { message, stack } = thrown instanceof Error ? thrown : { message: String(thrown), stack: undefined }
  return `internal error: ${message}\n${debug ? `${stack ?? ''}\n` : '--debug shows where\n'}`
}
