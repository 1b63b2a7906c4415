import { Argument, Command, Option } from 'commander'

import { CompileOptions } from '../compilation/eachTask'
import { compileCommand } from '../compile/compile'
import { LoadOptions } from '../load/Loaded'
import type { PullOptions } from '../machine/pull/pull'
import type { ReapOptions } from '../machine/reap/reap'
import type { MigrateOptions } from '../migrate/migrate'
import { ok, Output } from '../output/Output'
import { refuseOwnInputs } from '../output/ownInputs'
import { planCommand } from '../plan/plan'
import { addComparisons } from './comparisonCommands'
import { addImages } from './imageCommands'
import { addKnowledge } from './knowledgeCommands'
import { filesBelow, many, shownEnv, withSurroundings } from './surroundingOptions'

declare const __VERSION__: string

type Say = (output: Output) => void

/**
 * Every command with its options and help. The commands that need more than the compiler are loaded when they are
 * called.
 */
export const program = (say: Say): Command => {
  const root = new Command('containerd-driver')
    .description('Compiles Nomad tasks to OCI runtime specs and plans, compares them, and runs them in containerd.')
    .version(__VERSION__)
    .option('--debug', 'show where an internal error came from')
    .exitOverride()
    .showHelpAfterError('(--help says more)')
    .hook('preAction', (_root, command) => { refuseOwnInputs(command) })
  compiling(root, say)
  addComparisons(root, say)
  addKnowledge(root, say)
  root.addCommand(runs(say))
  root.addCommand(pulls(say))
  root.addCommand(reaps(say))
  addImages(root, say)
  root.addCommand(migrates(say))
  root.addCommand(schema(say))
  root.addCommand(completes(root, say))
  return root
}

const compiling = (root: Command, say: Say): void => {
  const parts = (command: Command): Command =>
    withSurroundings(command)
      .argument('<input...>', 'Nomad jobs (HCL2 or JSON), directories of jobs or fixtures, or - for stdin')
      .option('--full', 'all that will be true of the container, not only the spec')
      .option('--explain', 'each part of the outcome with the option or default that caused it')
      .addOption(shownEnv())
      .addOption(new Option('-o, --output <dir>', 'write one file a task below this directory'))
  parts(root.command('compile').description('Print the OCI runtime spec of tasks, as it will run.'))
    .option('--redact', 'hide environment values, for sharing')
    .option('--compact', 'exactly the bytes that containerd stores')
    .option('--strict', 'refuse tasks of which only a client, a host or an image knows some part')
    .action(async (inputs: ReadonlyArray<string>, options: CompileOptions) => {
      say(await compileCommand(inputs, options))
    })
  parts(
    root.command('plan').description('Print what would be done to run tasks, step by step, with every undo.')
  ).action(async (inputs: ReadonlyArray<string>, options: CompileOptions) => {
    say(await planCommand(inputs, options))
  })
}

const runs = (say: Say): Command =>
  withSurroundings(new Command('run'))
    .description('Run a task of a job in containerd and exit with its exit code.')
    .argument('<input>', 'a Nomad job (HCL2 or JSON), or a fixture directory')
    .option('--dev', 'in a private containerd of its own, with an image made on the spot from a static busybox')
    .action(async (input: string, options: LoadOptions & { readonly dev?: boolean }) => {
      const { runCommand } = await import('../machine/run/run')
      say(await runCommand(input, options))
    })

const pulls = (say: Say): Command =>
  new Command('pull')
    .description(
      'Bring images to this host as a start would, under the same policy, logins, mirrors and verifiers: tasks then start without asking a registry. Prints each name with its digest.'
    )
    .argument('[images...]', 'images, as jobs name them')
    .addOption(many('--job <file>', 'a Nomad job: the images of its tasks; may be given more than once'))
    .option('--task <group/task>', 'only this task of the job')
    .option('--platform <platform>', 'of the images that are named here: `linux/arm64`; left out, the host\'s')
    .option('--plugin <file>', "the operator's plugin config: options, a plugin block or an agent file (HCL or JSON)")
    .addOption(many('--var <name=value>', 'a variable of an HCL job; may be given more than once'))
    .addOption(many('--var-file <file>', 'variables of HCL jobs; may be given more than once'))
    .addOption(filesBelow())
    .exitOverride()
    .action(async (images: ReadonlyArray<string>, options: PullOptions) => {
      const { pullCommand } = await import('../machine/pull/pull')
      say(await pullCommand(images, options))
    })

const reaps = (say: Say): Command =>
  new Command('reap')
    .description(
      'Take away what tasks of a Nomad client left whose allocations are gone: containers, snapshots, leases, directories, networks. Never a volume, and nothing of another client. The plugin does this by itself (`dangling_containers`); this is for a host whose agent does not run any more.'
    )
    .option('--dry-run', 'only tell what would be taken away, and why')
    .option('--node <id>', 'the id of the Nomad client; left out, the only one that made something here')
    .option('--plugin <file>', "the operator's plugin config, for address, namespace, snapshotter and state_dir")
    .exitOverride()
    .action(async (options: ReapOptions) => {
      const { reapCommand } = await import('../machine/reap/reap')
      say(await reapCommand(options))
    })

const migrates = (say: Say): Command =>
  new Command('migrate')
    .description(
      'Rewrite the docker and podman tasks of jobs for this driver, and say of each option what becomes of it.'
    )
    .argument('<jobs...>', 'Nomad jobs (HCL2 or JSON), directories of them, or - for stdin')
    .option('--report <file>', 'where the report goes: .md, .json or .txt (stderr when left out)')
    .option('-o, --output <file>', 'where the job goes (stdout when left out); of several jobs the directory')
    .addOption(many('--var <name=value>', 'a variable of an HCL job; may be given more than once'))
    .addOption(many('--var-file <file>', 'variables of HCL jobs; may be given more than once'))
    .addOption(filesBelow())
    .exitOverride()
    .action(async (jobs: ReadonlyArray<string>, options: MigrateOptions) => {
      const { migrateCommand } = await import('../migrate/migrate')
      say(await migrateCommand(jobs, options))
    })

const completes = (root: Command, say: Say): Command =>
  new Command('completion')
    .description(
      'Print a script that completes commands, options and files in a shell: `source <(containerd-driver completion bash)`.'
    )
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh']))
    .exitOverride()
    .action(async (shell: 'bash' | 'zsh') => {
      const { completion } = await import('../completion/completion')
      say(ok(completion(root, shell)))
    })

const schema = (say: Say): Command =>
  new Command('schema')
    .description("Print the JSON Schema of a task's config, or of the operator's, for editors.")
    .addArgument(new Argument('[kind]').choices(['task', 'plugin']).default('task'))
    .exitOverride()
    .action(async (kind: 'task' | 'plugin') => {
      const { schemaCommand } = await import('../schema/schema')
      say(schemaCommand(kind))
    })
