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

describe.each([['examples/shop/README.md', 11], ['docs/explain.md', 4]])('the shop as %s shows it', (page, count) => {
  const commands = shown(fs.readFileSync(path.join(ROOT, page), 'utf8'))

  beforeAll(() => {
    fs.rmSync(dir, { recursive: true })
    fs.cpSync(SHOP, dir, { recursive: true })
    run('git init -q && git add -A && git -c user.name=t -c user.email=t@t commit -qm shop')
  })

  it('has these commands', () => { expect(commands).toHaveLength(count) })

  it.each(commands.map(([command, output], index) => [index + 1, command, output] as const))('%i. `%s` says what is shown', (_number, command, output) => {
    expect(run(command)).toBe(output)
  })
})

it('the shop is written down as it is', () => {
  fs.rmSync(dir, { recursive: true })
  fs.cpSync(SHOP, dir, { recursive: true })
  expect(run('containerd-driver golden check; echo $?')).toBe('0\n')
})
