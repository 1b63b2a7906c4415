import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import * as E from 'fp-ts/Either'

import { editsOf } from '../../../src/core/cdi/editsOf'
import { cdiFiles } from '../../../src/effects/host/cdiFiles'
import { gpus } from './documents'

const YAML = `---
# A card with its own file mode, written as people write it.
cdiVersion: 0.5.0
kind: vendor.example/card
devices:
- name: "0"
  containerEdits:
    deviceNodes:
    - &node {path: /dev/card0, type: c, major: 226, minor: 0x10, fileMode: 0660}
    - <<: *node
      path: /dev/card1
containerEdits:
  env: [SHARE=on]
`

let root = ''
let etc = ''
let run = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cdi-'))
  etc = join(root, 'etc')
  run = join(root, 'run')
  mkdirSync(etc)
  mkdirSync(run)
})

afterEach(() => { rmSync(root, { recursive: true }) })

it('a host without CDI has no files', async () => {
  expect(await cdiFiles([join(root, 'absent')])).toEqual([])
})

it('files come directory by directory, by name, and only those of CDI', async () => {
  for (const name of ['b.yml', 'a.json', 'note.txt', 'c.yaml', '.json.swp']) writeFileSync(join(etc, name), '{}')
  mkdirSync(join(etc, 'd.json'))
  writeFileSync(join(run, 'A.json'), '{}')
  symlinkSync(join(etc, 'a.json'), join(run, 'link.json'))
  expect((await cdiFiles([etc, run])).map(({ path }) => path.slice(root.length))).toEqual(['/etc/a.json', '/etc/b.yml', '/etc/c.yaml', '/run/A.json', '/run/link.json'])
  expect((await cdiFiles([run, etc]))[0]?.path).toBe(join(run, 'A.json'))
})

it('JSON and YAML give edits alike', async () => {
  writeFileSync(join(etc, 'nvidia.json'), JSON.stringify(gpus))
  writeFileSync(join(run, 'card.yaml'), YAML)
  const files = await cdiFiles([etc, run])
  expect(files[0]).toEqual({ path: join(etc, 'nvidia.json'), document: gpus })
  const card = { type: 'c', major: 226, minor: 16, fileMode: 0o660, permissions: 'rwm' }
  expect(editsOf(['vendor.example/card=0'], files)).toEqual(E.right({
    env: ['SHARE=on'], mounts: [], hooks: {}, additionalGids: [],
    devices: [{ path: '/dev/card0', hostPath: '/dev/card0', ...card }, { path: '/dev/card1', hostPath: '/dev/card1', ...card }]
  }))
})

it('a file that cannot be read says why', async () => {
  writeFileSync(join(etc, 'a.json'), '{')
  writeFileSync(join(etc, 'b.yaml'), 'a: [1\nb: 2')
  writeFileSync(join(etc, 'c.json'), ' '.repeat(1024 * 1024 + 1))
  symlinkSync(join(root, 'absent'), join(etc, 'd.json'))
  execFileSync('mkfifo', [join(etc, 'e.json')])
  writeFileSync(join(etc, 'f.yaml'), 'a: 1\na: 2')
  const why = (await cdiFiles([etc])).map((file) => ('unreadable' in file ? file.unreadable : ''))
  expect(why).toEqual([
    expect.stringMatching(/^cannot be read: .*JSON/), expect.stringMatching(/^cannot be read: .* at line 2, column 1$/),
    'cannot be read: it is larger than 1 MiB', expect.stringMatching(/^cannot be read: ENOENT/), 'cannot be read: it is no regular file',
    expect.stringMatching(/^cannot be read: Map keys must be unique/)
  ])
})

it('a file of exactly 1 MiB is read', async () => {
  writeFileSync(join(etc, 'a.json'), `${' '.repeat(1024 * 1024 - 2)}{}`)
  expect(await cdiFiles([etc])).toEqual([{ path: join(etc, 'a.json'), document: {} }])
})

it('a YAML bomb does not go off', async () => {
  const lines = Array.from({ length: 12 }, (_one, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]`)
  writeFileSync(join(etc, 'a.yaml'), ['a0: &a0 [x]', ...lines].join('\n'))
  expect(await cdiFiles([etc])).toEqual([{ path: join(etc, 'a.yaml'), unreadable: expect.stringContaining('alias') }])
})

it('a directory that is none is told like a file that cannot be read', async () => {
  writeFileSync(join(root, 'file'), '')
  expect(await cdiFiles([join(root, 'file')])).toEqual([{ path: join(root, 'file'), unreadable: expect.stringMatching(/^cannot be listed: ENOTDIR/) }])
})

it('files beyond the 256th are not opened', async () => {
  for (let i = 0; i < 258; i += 1) writeFileSync(join(etc, `${String(i).padStart(3, '0')}.json`), '{}')
  const files = await cdiFiles([etc])
  expect(files).toHaveLength(258)
  expect(files[255]).toHaveProperty('document')
  expect(files[256]).toEqual({ path: join(etc, '256.json'), unreadable: 'is not read: this host has more than 256 CDI files' })
})
