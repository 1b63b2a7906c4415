import { Command } from 'commander'

import { Known, knownOf } from './knownCommands'

/**
 * The script that completes commands, options, values of options and file names in a shell; printed by `completion
 * bash` and `completion zsh`. Files are offered only where a file goes.
 */
export const completion = (root: Command, shell: 'bash' | 'zsh'): string => {
  const known = knownOf(root, '')
  return shell === 'bash' ? bash(known) : zsh(known)
}

const quoted = (words: ReadonlyArray<string>): string => `'${words.join(' ')}'`

const wordsOf = ({ words, argumentChoices }: Known): ReadonlyArray<string> => [...words, ...argumentChoices]

const bashFollow = (one: Known): string =>
  `    '${one.path}') follow=${quoted(wordsOf(one))} files=${one.takesFiles ? '-f' : ''} ;;`

const zshFollow = (one: Known): string =>
  `    '${one.path}') follow=(${wordsOf(one).join(' ')}) files=${one.takesFiles ? '1' : "''"} ;;`

/** A line for every option of every command that has some, as an alternative of a `case`. */
const casesOf = (
  known: ReadonlyArray<Known>,
  flags: (one: Known) => ReadonlyArray<string>,
  then: string
): ReadonlyArray<string> =>
  known
    .filter((one) => flags(one).length > 0)
    .map((one) => `    ${flags(one).map((flag) => `'${one.path} ${flag}'`).join('|')}) ${then} ;;`)

const bash = (known: ReadonlyArray<Known>): string => `_containerd_driver() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} spoken='' word
  local follow='' values='' files='' IFS=$' \\t\\n'
  for word in "\${COMP_WORDS[@]:1:\$((COMP_CWORD - 1))}"; do
    case "$spoken $word" in
${steps(known)}
    esac
  done
  case "$spoken" in
${known.map(bashFollow).join('\n')}
  esac
  case "$spoken $previous" in
${[
  ...known.flatMap(({ path, choices }) =>
    choices.map(([flag, values]) => `    '${path} ${flag}') values=${quoted(values)} ;;`)
  ),
  ...casesOf(known, ({ fileOptions }) => fileOptions, 'COMPREPLY=($(compgen -f -- "$current")); return'),
  ...casesOf(known, ({ freeOptions }) => freeOptions, 'COMPREPLY=(); return')
].join('\n')}
  esac
  if [ -n "$values" ]; then
    COMPREPLY=($(compgen -W "$values" -- "$current"))
  elif [ "\${current#-}" != "$current" ]; then
    COMPREPLY=($(compgen -W "$follow" -- "$current"))
  else
    COMPREPLY=($(compgen -W "$follow" $files -- "$current"))
  fi
}
complete -o filenames -F _containerd_driver containerd-driver
`

// `path` and `words` have a meaning of their own in zsh.
const zsh = (known: ReadonlyArray<Known>): string => `#compdef containerd-driver
_containerd_driver() {
  local spoken='' word files=''
  local -a follow
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$spoken $word" in
${steps(known)}
    esac
  done
  case "$spoken \${words[CURRENT-1]}" in
${[
  ...known.flatMap(({ path, choices }) =>
    choices.map(([flag, values]) => `    '${path} ${flag}') compadd -- ${values.join(' ')}; return ;;`)
  ),
  ...casesOf(known, ({ fileOptions }) => fileOptions, '_files; return'),
  ...casesOf(known, ({ freeOptions }) => freeOptions, 'return')
].join('\n')}
  esac
  case "$spoken" in
${known.map(zshFollow).join('\n')}
  esac
  compadd -- $follow
  [[ $PREFIX == -* || -z "$files" ]] || _files
}
compdef _containerd_driver containerd-driver
`

const steps = (known: ReadonlyArray<Known>): string =>
  known.filter(({ path }) => path !== '').map(({ path }) => `      ${caseOf(path)}) spoken='${path}' ;;`).join('\n')

/** The path so far and the next word, as the loop of the script sees them. */
const caseOf = (path: string): string => `'${path.includes(' ') ? '' : ' '}${path}'`
