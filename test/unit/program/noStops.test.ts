import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'

const ROOT = join(__dirname, '../../..')

/** All code of a built program: that of its files, and of the parts that lie deflated in their comments. */
const codeIn = (directory: string): string =>
  readdirSync(directory).filter((name) => /^containerd-driver(\.parts)?$/.test(name)).flatMap((name) =>
    readFileSync(join(directory, name), 'latin1').split('\n').map((line) =>
      (/^\/\/[A-Za-z0-9+/=]{200,}$/.test(line) ? inflateRawSync(Buffer.from(line.slice(2), 'base64')).toString() : line))).join('\n')

// Names that no minifier changes.
const SWITCH = ['CONTAINERD_DRIVER_STOPS', 'SIGSTOP"']

it('what stops the plugin at each step is in a build for the tests, and not in the released one', () => {
  const directory = mkdtempSync(join(tmpdir(), 'stops-'))
  execFileSync('node', ['scripts/build.mjs', '--stops', directory], { cwd: ROOT, stdio: 'pipe' })
  const [released, stopping] = [codeIn(join(ROOT, 'dist')), codeIn(directory)]
  rmSync(directory, { recursive: true })
  for (const code of [released, stopping]) expect(code).toContain('RemoveSnapshot')
  expect(SWITCH.map((word) => [stopping.includes(word), released.includes(word)])).toEqual([[true, false], [true, false]])
})
