import { execFileSync } from 'node:child_process'

import { commandLine } from '../../fakes/commandLine'

const scriptOf = async (shell: string): Promise<string> => (await commandLine('completion', shell)).stdout

/** What a shell says; one that is not here fails with what to install. */
const said = (shell: string, args: ReadonlyArray<string>, text: string): ReadonlyArray<string> => {
  try {
    return execFileSync(shell, [...args, '-c', text], { encoding: 'utf8' }).split(/\s+/).filter((word) => word !== '')
  } catch (thrown) {
    throw new Error((thrown as NodeJS.ErrnoException).code === 'ENOENT' ? `no ${shell}: npm test installs it` : String(thrown), { cause: thrown })
  }
}

const quoted = (words: ReadonlyArray<string>): string => words.map((word) => `'${word}'`).join(' ')

/** Completes the last of some words in a real shell. */
const completed = async (shell: 'bash' | 'zsh', ...words: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const script = await scriptOf(shell)
  const all = quoted(['containerd-driver', ...words])
  if (shell === 'bash') return said('bash', ['--norc'], `${script}\nCOMP_WORDS=(${all}); COMP_CWORD=${words.length}; _containerd_driver; printf '%s\\n' "\${COMPREPLY[@]}"`)
  // The widget's own functions, which exist only while a key is pressed.
  const widget = 'compdef() { : }; compadd() { shift; print -l -r -- "$@" }; _files() { print FILES }'
  const given = said('zsh', ['-f'], `${widget}\n${script}\nwords=(${all}); CURRENT=${words.length + 1}; PREFIX='${words.at(-1) ?? ''}'; _containerd_driver; true`)
  return given.filter((word) => word.startsWith(words.at(-1) ?? '') || word === 'FILES')
}

describe.each(['bash', 'zsh'] as const)('completion in %s', (shell) => {
  it('completes commands, commands of commands, options and their values', async () => {
    expect(await completed(shell, 'gol')).toEqual(['golden'])
    expect(await completed(shell, 'golden', 'ch')).toEqual(['check'])
    expect(await completed(shell, 'compile', '--pl')).toEqual(['--plugin'])
    expect(await completed(shell, 'diff', 'a', '--format', 'j')).toEqual(['json', 'json-patch', 'junit'])
    expect(await completed(shell, 'golden', 'check', '--format', 'sa')).toEqual(['sarif'])
    expect(await completed(shell, 'completion', '--he')).toEqual(['--help'])
  })

  it('completes no option of another command', async () => {
    expect(await completed(shell, 'golden', 'check', '--pl')).toEqual([])
    expect(await completed(shell, 'check', '--format', 'json-')).toEqual([])
  })
})

describe.each(['bash', 'zsh'] as const)('completion in %s', (shell) => {
  it('completes verdicts after --fail-on, and the words that an argument may be', async () => {
    expect(await completed(shell, 'diff', 'a', '--fail-on', 'wea')).toEqual(['weakens'])
    expect(await completed(shell, 'schema', 'plu')).toEqual(['plugin'])
    expect(await completed(shell, 'completion', 'ba')).toEqual(['bash'])
  })
})

describe('completion', () => {
  it('offers files only where files go', async () => {
    expect(await completed('bash', 'check', '--plugin', 'package.j')).toEqual(['package.json'])
    for (const words of [['schema', 'package.j'], ['completion', 'package.j'], ['check', '--task', 'package.j'], ['diff', '--git', 'package.j'], ['diff', '--fail-on', 'package.j'], ['package.j']]) {
      expect(await completed('bash', ...words)).toEqual([])
    }
    expect(await completed('zsh', 'check', '--facts', '')).toEqual(['FILES'])
    expect(await completed('zsh', 'check', '--task', 'x')).toEqual([])
    expect(await completed('zsh', 'schema', 'x')).toEqual([])
  })

  it('offers files after a command that takes them', async () => {
    expect(await completed('zsh', 'compile', 'x')).toEqual(['FILES'])
    expect(await completed('bash', 'compile', 'package.j')).toEqual(['package.json'])
  })

  it('refuses another shell', async () => {
    expect(await commandLine('completion', 'fish')).toMatchObject({ exitCode: 2 })
  })
})
