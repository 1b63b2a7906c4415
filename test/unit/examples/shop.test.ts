import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { workDir } from '../../fakes/commandLine'

const ROOT = path.join(__dirname, '../../..')
const SHOP = path.join(ROOT, 'examples/shop')
const ENV = { ...process.env, PATH: `${path.join(ROOT, 'dist')}:${process.env['PATH'] ?? ''}`, NO_COLOR: '1' }

const dir = workDir()

/** The commands that a page shows, each with the output below it. */
const shown = (page: string): ReadonlyArray<readonly [string, string]> =>
  Array.from(page.matchAll(/```console\n([^]*?)```/g), ([, block = '']) => block)
    .flatMap((block) => block.split(/^\$ /m).slice(1))
    .map((text) => [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n') + 1)] as const)

const run = (command: string): string => {
  const { stdout, stderr, error } = spawnSync('bash', ['-c', command], { cwd: dir, env: ENV, encoding: 'utf8' })
  if (error !== undefined) throw error
  return stdout + stderr.split('\n').filter((line) => line !== '' && !line.includes('notice: ')).map((line) => `${line}\n`).join('')
}

describe('the shop', () => {
  const commands = shown(fs.readFileSync(path.join(SHOP, 'README.md'), 'utf8'))

  beforeAll(() => { fs.cpSync(SHOP, dir, { recursive: true }) })

  it('shows some commands', () => { expect(commands.length).toBeGreaterThanOrEqual(10) })

  it.each(commands.map(([command, output], index) => [index + 1, command, output] as const))('%i. `%s` says what its README says', (_number, command, output) => {
    expect(run(command)).toBe(output)
  })

  it('is written down as it is', () => {
    fs.rmSync(path.join(dir, 'jobs'), { recursive: true })
    fs.cpSync(SHOP, dir, { recursive: true })
    expect(run('containerd-driver golden check; echo $?')).toBe('0\n')
  })
})
