import { Command, CommanderError, Option } from 'commander'

import { CaseOptions } from './Case'
import { compileCommand, planCommand } from './commands'
import type { FactsOptions } from './facts'
import type { LockOptions } from './lock'
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
  withFacts(root.command('facts'), say)
  withLock(root.command('lock'), say)
  return root
}

const withFacts = (command: Command, say: (output: Output) => void): Command =>
  command
    .description('Print what this host answers, and with a job what its tasks ask of host and image, as the file that --facts reads. Without a job it needs neither root nor containerd.')
    .argument('[input]', 'a Nomad job (HCL2 or JSON), or a fixture directory')
    .option('--task <group/task>', 'one task of the job; without it, all of this driver')
    .option('--plugin <file>', "the operator's plugin config, which names containerd's address and namespace")
    .option('-o, --output <file>', 'write the file instead of printing')
    .exitOverride()
    .action(async (input: string | undefined, options: FactsOptions) => {
      const { factsCommand } = await import('./facts')
      say(await factsCommand(input, options))
    })

const withLock = (command: Command, say: (output: Output) => void): Command =>
  command
    .description('Write down what the image names of jobs stand for, so that checks are offline and reproducible. Asks the registries; needs neither root nor containerd.')
    .argument('<inputs...>', 'Nomad jobs (HCL2 or JSON) or fixture directories: all that the lock is for')
    .option('--task <group/task>', 'one task, when there is one job; without it, all of this driver')
    .option('--plugin <file>', "the operator's plugin config, for its registry login")
    .option('-o, --lock <file>', 'the lock file', 'images.lock.json')
    .option('--check', 'write nothing; tell what has moved, what is missing and what no job uses (exit code 1)')
    .option('--upgrade', 'ask again what every name stands for; without it, what is locked stays as it is')
    .option('--keep', 'keep entries that none of these jobs use; without it, they are removed')
    .option('--platform <platform>', 'of images whose task names none; a new lock is for linux/amd64, wherever it is made')
    .option('--no-accounts', "without /etc/passwd and /etc/group of the images: no layer is read, but users and groups have to be numbers")
    .addHelpText('after', LOCK_HELP)
    .exitOverride()
    .action(async (inputs: ReadonlyArray<string>, options: LockOptions) => {
      const { lockCommand } = await import('./lock')
      say(await lockCommand(inputs, options))
    })

const LOCK_HELP = `
As with package-lock.json and .terraform.lock.hcl, one run names every job: what is locked stays, what is new is added, what no
job uses any more is removed. Exit codes: 0 done or nothing moved, 1 (--check) something differs, 2 input or registry error.`

const withCase = (command: Command, description: string): Command =>
  command
    .description(description)
    .argument('<input>', 'a Nomad job (HCL2 or JSON), or a fixture directory')
    .addOption(new Option('--task <group/task>', 'the task, when the job has several'))
    .addOption(new Option('--plugin <file>', "the operator's plugin config: options, a plugin block or an agent file (HCL or JSON)"))
    .addOption(new Option('--image-config <file>', 'an OCI image config, as `skopeo inspect --config` prints it'))
    .addOption(new Option('--facts <file>', 'answers about host and image (JSON)'))
    .exitOverride()
