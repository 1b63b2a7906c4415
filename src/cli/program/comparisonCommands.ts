import { Argument, Command, InvalidArgumentError, Option } from 'commander'

import { readFailOn, VERDICTS } from '../../core/diff/FailOn'
import { formatNames } from '../../core/format/names'
import type { CheckOptions } from '../check/check'
import type { DiffOptions } from '../diff/diff'
import type { ExplainOptions } from '../explain/explain'
import type { GoldenOptions } from '../golden/goldenCheck'
import type { UpdateOptions } from '../golden/goldenUpdate'
import { withDetailedExitCode } from '../output/exitCode'
import { Output } from '../output/Output'
import { shownEnv, withSurroundings } from './surroundingOptions'

type Say = (output: Output) => void

const FAILS =
  'what makes the exit code 1, several joined by commas; a verdict alone means the isolation, `weakens:all` or `resources:weakens` another subject'

const WITH_SUBJECT = 'weakens:all, resources:weakens'
const COUNTED = `any, ${VERDICTS.join(', ')} (on the isolation), or a verdict with a subject: ${WITH_SUBJECT}`

/** The commands for pull-request checks: what differs, what is expected, what is wrong, and why. */
export const addComparisons = (root: Command, say: Say): void => {
  root.addCommand(diff(say))
  root.addCommand(golden(say))
  root.addCommand(check(say))
  root.addCommand(explain(say))
}

const withFormat = (command: Command, formats: ReadonlyArray<string>): Command =>
  command
    .addOption(new Option('--format <format>', 'how to tell it').choices(formats).default('text'))
    .addOption(new Option('-o, --output <file>', 'write it to a file'))
    .addOption(new Option('--color', 'colour, also where the output is no terminal'))
    .addOption(new Option('--no-color', 'no colour'))
    .addOption(new Option('--exit-zero', 'exit with 0 whatever was found; not where an input cannot be read'))
    .addOption(
      new Option(
        '--detailed-exitcode',
        'as terraform: 0 nothing differs (or --exit-zero), 1 an error, 2 something differs'
      )
    )
    .exitOverride()

const failOn = (): Option =>
  new Option('--fail-on <verdicts>', FAILS)
    .choices(['any', ...VERDICTS])
    .default('any')
    .argParser(verdicts)

const verdicts = (text: string): string => {
  const { wrong } = readFailOn(text)
  if (wrong !== undefined) throw new InvalidArgumentError(`${JSON.stringify(wrong)} is none of: ${COUNTED}.`)
  return text
}

const diff = (say: Say): Command =>
  withFormat(withSurroundings(new Command('diff')), formatNames)
    .description(
      'Tell what differs between two specs, documents, fixture directories or jobs: all that will be true of the container, each change with a verdict.'
    )
    .argument('[inputs...]', 'A and B; with --git the paths of jobs; with --live the job')
    .addOption(
      new Option('--git <range>', 'two revisions of the jobs: BASE..HEAD, BASE...HEAD, or BASE for the working tree')
    )
    .addOption(
      new Option(
        '--live <container>',
        'what runs now in containerd (a container id or an allocation id) against the job'
      )
    )
    .addOption(failOn())
    .addOption(shownEnv())
    .addOption(new Option('--ignore <file>', 'known differences: { "ignore": [{ "path": …, "reason": … }] }'))
    .addOption(new Option('--plugin-before <file>', "the operator's config on the side of A"))
    .addOption(new Option('--plugin-after <file>', "the operator's config on the side of B"))
    .action(async (inputs: ReadonlyArray<string>, options: DiffOptions) => {
      if (options.live !== undefined) {
        const { liveDiffCommand } = await import('../machine/liveDiff/liveDiff')
        say(withDetailedExitCode(await liveDiffCommand(options.live, inputs, options), options))
        return
      }
      const { diffCommand } = await import('../diff/diff')
      say(withDetailedExitCode(await diffCommand(inputs, options), options))
    })

const golden = (say: Say): Command => {
  const command = new Command('golden')
    .description('Compare jobs with the results that are stored beside them, as containerd-driver.json says.')
    .exitOverride()
  const paths = new Argument('[path...]', 'config files, or directories that have a containerd-driver.json').default(
    ['.'],
    'this directory'
  )
  withFormat(command.command('check').description('Tell missing, extra and stale goldens.'), formatNames)
    .addArgument(paths)
    .addOption(failOn())
    .option('--all', 'compare every job, also those that nothing has changed since `golden update`')
    .action(async (given: ReadonlyArray<string>, options: GoldenOptions) => {
      const { goldenCheck } = await import('../golden/goldenCheck')
      say(withDetailedExitCode(await goldenCheck(given, options), options))
    })
  command
    .command('update')
    .description('Write the goldens that are missing or stale, and remove those of no task.')
    .exitOverride()
    .option('--accept-refused', 'store the refusals of tasks that are refused; else the exit code is 1')
    .addArgument(paths)
    .action(async (given: ReadonlyArray<string>, options: UpdateOptions) => {
      const { goldenUpdate } = await import('../golden/goldenUpdate')
      say(await goldenUpdate(given, options))
    })
  return command
}

const check = (say: Say): Command =>
  withFormat(withSurroundings(new Command('check')), formatNames.filter((format) => format !== 'json-patch'))
    .description('Tell every mistake, refusal and notice of jobs, with line and column. Asks for no fact of a host.')
    .argument('<job...>', 'Nomad jobs (HCL2 or JSON), directories of jobs or fixtures, or - for stdin')
    .option('--strict', 'notices count as findings')
    .action(async (files: ReadonlyArray<string>, options: CheckOptions) => {
      const { checkCommand } = await import('../check/check')
      say(withDetailedExitCode(await checkCommand(files, options), options))
    })

const WHAT =
  'a JSON pointer into what `compile` prints, with or without --full, an option, or a word of the job (`memory`, `user`, `env`, `network`); left out, everything'

const explain = (say: Say): Command =>
  withSurroundings(new Command('explain'))
    .description('Tell what caused a part of the outcome, what an option sets, or why a task is refused.')
    .argument('<job>', 'a Nomad job (HCL2 or JSON), a fixture directory, or - for stdin')
    .argument('[what]', WHAT)
    .addOption(shownEnv())
    .action(async (file: string, what: string | undefined, options: ExplainOptions) => {
      const { explainCommand } = await import('../explain/explain')
      say(await explainCommand(file, what, options))
    })
