import { Argument, Command, Option } from 'commander'

/**
 * The reference page of the program (`docs/cli.md`): every command with its arguments and options, from the same
 * descriptions as `--help`.
 */
export const manual = (root: Command): string => {
  const all = allOf(root, root.name())
  return [
    '# containerd-driver(1)',
    '',
    '<!-- Made by `npm run generate` from the commands in src/cli. -->',
    '',
    '## Name',
    '',
    `containerd-driver: ${root.description()}`,
    '',
    '## Synopsis',
    '',
    ...all.map(([command, name]) => `    ${name} ${command.usage()}`),
    '',
    '## Exit status',
    '',
    '**0** the same, or nothing to say; **1** something differs, or a finding; **2** an input that is wrong or cannot be read; **3** an internal error',
    '(`--debug` shows where). `--exit-zero` and `--detailed-exitcode` change this where a command has them. `run` exits as the task does; `pull` and `reap` with 1 where it could not be done.',
    '',
    '## Environment',
    '',
    '`NOMAD_VAR_name` gives a variable of HCL jobs, as for `nomad job run`. `NO_COLOR` switches colour off. `CONTAINERD_DRIVER_JOBSPEC` is the path of `jobspec.wasm`, which lies',
    'beside the executable otherwise.',
    '',
    '## Commands',
    '',
    ...all.flatMap(([command, name]) => page(command, name))
  ].join('\n')
}

const allOf = (command: Command, name: string): ReadonlyArray<readonly [Command, string]> =>
  command.commands.filter((one) => one.name() !== 'help').flatMap((one): ReadonlyArray<readonly [Command, string]> => {
    const full = `${name} ${one.name()}`
    return one.commands.length > 0 ? allOf(one, full) : [[one, full]]
  })

const page = (command: Command, name: string): ReadonlyArray<string> => [
  `### ${name}`, '',
  `\`${name} ${command.usage()}\``, '',
  command.description(), '',
  ...table(['argument', 'meaning'], command.registeredArguments.map(argument)),
  ...table(['option', 'meaning'], command.options.map(option))
]

const table = (
  head: readonly [string, string],
  rows: ReadonlyArray<readonly [string, string]>
): ReadonlyArray<string> =>
  rows.length === 0
    ? []
    : [
        `| ${head.join(' | ')} |`,
        '| --- | --- |',
        ...rows.map(([name, text]) => `| \`${cell(name)}\` | ${cell(text)} |`),
        ''
      ]

const cell = (text: string): string => text.replaceAll('|', '\\|')

const argument = (given: Argument): readonly [string, string] => [given.name(), given.description]

const option = ({ flags, description, argChoices, defaultValue }: Option): readonly [string, string] => [
  flags,
  description
    + (argChoices === undefined ? '' : `: ${argChoices.map((choice) => `\`${choice}\``).join(', ')}`)
    + (typeof defaultValue === 'string' ? ` (default \`${defaultValue}\`)` : '')
]
