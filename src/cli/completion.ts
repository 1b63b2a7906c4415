import { Command, Option } from 'commander'

/** A command by its words (`golden check`), with the words that may follow it. */
interface Known {
  readonly path: string
  readonly words: ReadonlyArray<string>
  /** Values of options that take one of a few: `--format` → `text json …`. */
  readonly choices: ReadonlyArray<readonly [string, ReadonlyArray<string>]>
}

/** The script that completes commands, options, values of options and file names in a shell; printed by `completion bash` and `completion zsh`. */
export const completion = (root: Command, shell: 'bash' | 'zsh'): string => {
  const known = knownOf(root, '')
  return shell === 'bash' ? bash(known) : `#compdef containerd-driver\nautoload -U +X bashcompinit && bashcompinit\n${bash(known)}`
}

const knownOf = (command: Command, path: string): ReadonlyArray<Known> => [
  {
    path,
    words: [...command.commands.filter(isVisible).map((one) => one.name()), ...options(command).flatMap(flagsOf), '--help'],
    choices: options(command).flatMap((option) => flagsOf(option).map((flag) => [flag, option.argChoices ?? []] as const)).filter(([, values]) => values.length > 0)
  },
  ...command.commands.filter(isVisible).flatMap((one) => knownOf(one, path === '' ? one.name() : `${path} ${one.name()}`))
]

const isVisible = (command: Command): boolean => command.name() !== 'help'

const options = (command: Command): ReadonlyArray<Option> => command.options

const flagsOf = ({ short, long }: Option): ReadonlyArray<string> => [short, long].flatMap((flag) => flag ?? [])

const quoted = (words: ReadonlyArray<string>): string => `'${words.join(' ')}'`

const bash = (known: ReadonlyArray<Known>): string => `_containerd_driver() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path='' word words='' values='' IFS=$' \\t\\n'
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
${known.filter(({ path }) => path !== '').map(({ path }) => `      ${caseOf(path)}) path='${path}' ;;`).join('\n')}
    esac
  done
  case "$path" in
${known.map(({ path, words }) => `    '${path}') words=${quoted(words)} ;;`).join('\n')}
  esac
  case "$path $previous" in
${known.flatMap(({ path, choices }) => choices.map(([flag, values]) => `    '${path} ${flag}') values=${quoted(values)} ;;`)).join('\n')}
  esac
  if [ -n "$values" ]; then
    COMPREPLY=($(compgen -W "$values" -- "$current"))
  elif [ "\${current#-}" != "$current" ] || [ -z "$path" ] || [ "$path" = golden ]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    COMPREPLY=($(compgen -W "$words" -f -- "$current"))
  fi
}
complete -o filenames -F _containerd_driver containerd-driver
`

/** The path so far and the next word, as the loop of the script sees them. */
const caseOf = (path: string): string => {
  const end = path.lastIndexOf(' ')
  return end < 0 ? `' ${path}'` : `'${path.slice(0, end)} ${path.slice(end + 1)}'`
}
