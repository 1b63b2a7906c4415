import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { runcVersion } from '../../../src/effects/host/runcVersion'

const dir = mkdtempSync(join(tmpdir(), 'runc-version-'))
afterAll(() => { rmSync(dir, { recursive: true }) })

const program = (text: string): void => {
  writeFileSync(join(dir, 'runc'), `#!/bin/sh\necho asked >> ${dir}/asked\n${text}\n`)
  chmodSync(join(dir, 'runc'), 0o755)
}

it('is what the runc on PATH says, asked once, and again when it is another', async () => {
  program('echo "runc version 1.1.5+ds1"; echo "commit: x"')
  const path = `/nowhere:${dir}`
  expect([await runcVersion(path), await runcVersion(path)]).toEqual(['1.1.5+ds1', '1.1.5+ds1'])
  expect(readFileSync(join(dir, 'asked'), 'utf8')).toBe('asked\n')
  program('echo "commit: y"; echo "runc version 1.4.3 "')
  expect(await runcVersion(path)).toBe(undefined)
  program('echo "runc version 1.4.30"')
  expect(await runcVersion(path)).toBe('1.4.30')
})

it('is not known where there is no runc, or none that answers', async () => {
  expect(await runcVersion('/nowhere')).toBe(undefined)
  expect(await runcVersion('')).toBe(undefined)
  // A path through a file, as through a directory that nobody may enter.
  expect(await runcVersion(`${__filename}:/proc/self/mem`)).toBe(undefined)
  program('exit 1')
  expect(await runcVersion(dir)).toBe(undefined)
})

it('is not that of a file which nobody can start', async () => {
  const later = mkdtempSync(join(dir, 'later-'))
  writeFileSync(join(later, 'runc'), '#!/bin/sh\necho "runc version 1.5.0"\n', { mode: 0o755 })
  chmodSync(join(dir, 'runc'), 0o644)
  expect(await runcVersion(`${dir}:${later}`)).toBe('1.5.0')
})
