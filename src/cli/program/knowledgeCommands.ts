import { Command } from 'commander'

import type { FactsOptions } from '../machine/facts/facts'
import type { LockOptions } from '../machine/lock/lock'
import { Output } from '../output/Output'
import { filesBelow, many } from './surroundingOptions'

type Say = (output: Output) => void

/** The commands that look at a host or a registry, so that all others can work without. */
export const addKnowledge = (root: Command, say: Say): void => {
  root.addCommand(facts(say))
  root.addCommand(lock(say))
}

const facts = (say: Say): Command =>
  new Command('facts')
    .description(
      'Print what this host answers, and with a job what its tasks ask of host and image, as the file that --facts reads. Without a job it needs neither root nor containerd.'
    )
    .argument('[input]', 'a Nomad job (HCL2 or JSON), or a fixture directory')
    .option('--task <group/task>', 'one task of the job; without it, all of this driver')
    .option('--plugin <file>', "the operator's plugin config, which names containerd's address and namespace")
    .addOption(many('--var <name=value>', 'a variable of an HCL job'))
    .addOption(many('--var-file <file>', 'variables of HCL jobs'))
    .addOption(filesBelow())
    .option('-o, --output <file>', 'write the file instead of printing')
    .exitOverride()
    .action(async (input: string | undefined, options: FactsOptions) => {
      const { factsCommand } = await import('../machine/facts/facts')
      say(await factsCommand(input, options))
    })

const lock = (say: Say): Command =>
  new Command('lock')
    .description(
      'Write down what the image names of jobs stand for, so that checks are offline and reproducible. Asks the registries; needs neither root nor containerd.'
    )
    .argument('<inputs...>', 'Nomad jobs (HCL2 or JSON) or fixture directories: all that the lock is for')
    .option('--task <group/task>', 'one task, when there is one job; without it, all of this driver')
    .option('--plugin <file>', "the operator's plugin config, for its registry login")
    .addOption(many('--var <name=value>', 'a variable of an HCL job'))
    .addOption(many('--var-file <file>', 'variables of HCL jobs'))
    .addOption(filesBelow())
    .option('-o, --lock <file>', 'the lock file', 'images.lock.json')
    .option('--check', 'write nothing; tell what has moved, what is missing and what no job uses (exit code 1)')
    .option('--upgrade', 'ask again what every name stands for; without it, what is locked stays as it is')
    .option('--keep', 'keep entries that none of these jobs use; without it, they are removed')
    .option(
      '--platform <platform>',
      'of images whose task names none; a new lock is for linux/amd64, wherever it is made'
    )
    .option(
      '--no-accounts',
      'without /etc/passwd and /etc/group of the images: no layer is read, but users and groups have to be numbers'
    )
    .addHelpText('after', LOCK_HELP)
    .exitOverride()
    .action(async (inputs: ReadonlyArray<string>, options: LockOptions) => {
      const { lockCommand } = await import('../machine/lock/lock')
      say(await lockCommand(inputs, options))
    })

const LOCK_HELP = `
As with package-lock.json and .terraform.lock.hcl, one run names every job: what is locked stays, what is new is added,
what no job uses any more is removed.
Exit codes: 0 done or nothing moved, 1 (--check) something differs, 2 input or registry error.`
