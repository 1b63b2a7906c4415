import { Argument, Command, Option } from 'commander'

/** A command by its words (`golden check`), and what may follow it. */
export interface Known {
  readonly path: string
  readonly words: ReadonlyArray<string>
  /** Values of options that take one of a few, and of arguments that do, by the option: `--format` → `text json …`. */
  readonly choices: ReadonlyArray<readonly [string, ReadonlyArray<string>]>
  /** Options whose value is a file or directory. */
  readonly fileOptions: ReadonlyArray<string>
  /** Options with a value of which nothing can be listed. */
  readonly freeOptions: ReadonlyArray<string>
  /** The words that its own arguments may be. */
  readonly argumentChoices: ReadonlyArray<string>
  /** Whether its arguments are files. */
  readonly takesFiles: boolean
}

/** Every command below one. */
export const knownOf = (command: Command, path: string): ReadonlyArray<Known> => [
  ofCommand(command, path),
  ...command.commands
    .filter(isVisible)
    .flatMap((one) => knownOf(one, path === '' ? one.name() : `${path} ${one.name()}`))
]

const ofCommand = (command: Command, path: string): Known => {
  const given: ReadonlyArray<Option> = command.options
  const withValue = given.filter(({ required, optional }) => required || optional)
  const free = withValue.filter((option) => choicesOf(option).length === 0)
  const own: ReadonlyArray<Argument> = command.registeredArguments
  return {
    path,
    words: [...command.commands.filter(isVisible).map((one) => one.name()), ...given.flatMap(flagsOf), '--help'],
    choices: withValue.flatMap((option) => flagsOf(option).map((flag) => [flag, choicesOf(option)] as const))
      .filter(([, values]) => values.length > 0),
    fileOptions: free.filter(isFile).flatMap(flagsOf),
    freeOptions: free.filter((option) => !isFile(option)).flatMap(flagsOf),
    argumentChoices: own.flatMap(({ argChoices }) => argChoices ?? []),
    takesFiles: own.some(isFileArgument)
  }
}

const isVisible = (command: Command): boolean => command.name() !== 'help'

const flagsOf = ({ short, long }: Option): ReadonlyArray<string> => [short, long].flatMap((flag) => flag ?? [])

const choicesOf = ({ argChoices }: Option): ReadonlyArray<string> => argChoices ?? []

const isFile = ({ flags }: Option): boolean => /<(?:file|dir|path)/.test(flags)

const FILES = ['input', 'inputs', 'job', 'jobs', 'file', 'files', 'dir', 'path']

const isFileArgument = (argument: Argument): boolean =>
  argument.argChoices === undefined && FILES.includes(argument.name().toLowerCase())
