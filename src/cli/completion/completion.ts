import { Command, Option } from 'commander'

/** A command by its words (`golden check`), with the words that may follow it. */
interface Known {
  readonly path: string
  readonly words: ReadonlyArray<string>
  /** Values of options that take one of a few: `--format` → `text json …`. */
  readonly choices: ReadonlyArray<readonly [string, ReadonlyArray<string>]>
}

/**
 * The script that completes commands, options, values of options and file names in a shell; printed by `completion
 * bash` and `completion zsh`.
 */
export const completion = (root: Command, shell: 'bash' | 'zsh'): string => {
  const known = knownOf(root, '')
  return shell === 'bash' ? bash(known) : zsh(known)
}

const knownOf = (command: Command, path: string): ReadonlyArray<Known> => [
  {
    path,
    words: [
      ...command.commands.filter(isVisible).map((one) => one.name()),
      ...options(command).flatMap(flagsOf),
      '--help'
    ],
    choices: options(command)
      .flatMap((option) => flagsOf(option).map((flag) => [flag, option.argChoices ?? []] as const))
      .filter(([, values]) => values.length > 0)
  },
  ...command.commands
    .filter(isVisible)
    .flatMap((one) => knownOf(one, path === '' ? one.name() : `${path} ${one.name()}`))
]

const isVisible = (command: Command): boolean => command.name() !== 'help'

const options = (command: Command): ReadonlyArray<Option> => command.options

const flagsOf = ({ short, long }: Option): ReadonlyArray<string> => [short, long].flatMap((flag) => flag ?? [])

const quoted = (words: ReadonlyArray<string>): string => `'${words.join(' ')}'`

/** A case for each option that has choices, and what is to be done with them. */
const choiceLines = (known: ReadonlyArray<Known>, act: (values: ReadonlyArray<string>) => string): string =>
  known
    .flatMap(({ path, choices }) => choices.map(([flag, values]) => `    '${path} ${flag}') ${act(values)} ;;`))
    .join('\n')

const bash = (known: ReadonlyArray<Known>): string => `_containerd_driver() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} spoken='' word
  local follow='' values='' IFS=$' \\t\\n'
  for word in "\${COMP_WORDS[@]:1:\$((COMP_CWORD - 1))}"; do
    case "$spoken $word" in
${steps(known)}
    esac
  done
  case "$spoken" in
${known.map(({ path, words }) => `    '${path}') follow=${quoted(words)} ;;`).join('\n')}
  esac
  case "$spoken $previous" in
${choiceLines(known, (values) => `values=${quoted(values)}`)}
  esac
  if [ -n "$values" ]; then
    COMPREPLY=($(compgen -W "$values" -- "$current"))
  elif [ "\${current#-}" != "$current" ] || [ -z "$spoken" ] || [ "$spoken" = golden ]; then
    COMPREPLY=($(compgen -W "$follow" -- "$current"))
  else
    COMPREPLY=($(compgen -W "$follow" -f -- "$current"))
  fi
}
complete -o filenames -F _containerd_driver containerd-driver
`

// `path` and `words` have a meaning of their own in zsh.
const zsh = (known: ReadonlyArray<Known>): string => `#compdef containerd-driver
_containerd_driver() {
  local spoken='' word
  local -a follow
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$spoken $word" in
${steps(known)}
    esac
  done
  case "$spoken \${words[CURRENT-1]}" in
${choiceLines(known, (values) => `compadd -- ${values.join(' ')}; return`)}
  esac
  case "$spoken" in
${known.map(({ path, words }) => `    '${path}') follow=(${words.join(' ')}) ;;`).join('\n')}
  esac
  compadd -- $follow
  [[ $PREFIX == -* || -z "$spoken" || "$spoken" == golden ]] || _files
}
compdef _containerd_driver containerd-driver
`

const steps = (known: ReadonlyArray<Known>): string =>
  known.filter(({ path }) => path !== '').map(({ path }) => `      ${caseOf(path)}) spoken='${path}' ;;`).join('\n')

/** The path so far and the next word, as the loop of the script sees them. */
const caseOf = (path: string): string => `'${path.includes(' ') ? '' : ' '}${path}'`
