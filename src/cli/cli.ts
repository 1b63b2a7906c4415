import { Command, CommanderError, Option } from 'commander'

import { CaseOptions } from './Case'
import { compileCommand, planCommand } from './commands'
import type { MigrateOptions } from './migrate'
import { Output } from './Output'

declare const __VERSION__: string

/** Runs one command line and writes what it says. Resolves to the exit code. */
export const cli = async (args: ReadonlyArray<string>): Promise<number> => {
  const state: { exitCode: number } = { exitCode: 0 }
  const say = (output: Output): void => {
    process.stderr.write(output.stderr)
    process.stdout.write(output.stdout)
    state.exitCode = output.exitCode
  }
  try {
    await program(say).parseAsync(args, { from: 'user' })
    return state.exitCode
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2
    process.stderr.write(`internal error: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`)
    if (process.env['DEBUG'] !== undefined) process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? '') : ''}\n`)
    return 3
  }
}

const program = (say: (output: Output) => void): Command => {
  const root = new Command('containerd-driver')
    .description('Compiles Nomad tasks to OCI runtime specs and plans, and runs them in containerd.')
    .version(__VERSION__)
    .exitOverride()
    .showHelpAfterError('(--help says more)')
  withCase(root.command('compile'), 'Print the OCI runtime spec of a task.')
    .option('--compact', 'exactly the bytes that containerd stores')
    .action(async (input: string, options: CaseOptions) => { say(await compileCommand(input, options)) })
  withCase(root.command('plan'), 'Print what would be done to run a task, step by step, with every undo.')
    .action(async (input: string, options: CaseOptions) => { say(await planCommand(input, options)) })
  withCase(root.command('run'), 'Run a task of a job in containerd and exit with its exit code.')
    .option('--dev', 'in a private containerd of its own, with an image made on the spot from a static busybox')
    .action(async (input: string, options: CaseOptions & { readonly dev?: boolean }) => {
      const { runCommand } = await import('./run')
      say(await runCommand(input, options))
    })
  root.command('migrate')
    .description('Print a job with its docker tasks rewritten for this driver, and say of each option what becomes of it.')
    .argument('<job>', 'a Nomad job (HCL2 or JSON)')
    .option('--report <file>', 'where the report goes: .md, .json or .txt (stderr when left out)')
    .option('-o, --output <file>', 'where the job goes (stdout when left out)')
    .exitOverride()
    .action(async (input: string, options: MigrateOptions) => {
      const { migrateCommand } = await import('./migrate')
      say(await migrateCommand(input, options))
    })
  return root
}

const withCase = (command: Command, description: string): Command =>
  command
    .description(description)
    .argument('<input>', 'a Nomad job (HCL2 or JSON), or a fixture directory')
    .addOption(new Option('--task <group/task>', 'the task, when the job has several'))
    .addOption(new Option('--plugin <file>', "the operator's plugin config: options, a plugin block or an agent file (HCL or JSON)"))
    .addOption(new Option('--image-config <file>', 'an OCI image config, as `skopeo inspect --config` prints it'))
    .addOption(new Option('--facts <file>', 'answers about host and image (JSON)'))
    .exitOverride()
