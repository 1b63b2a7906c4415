import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { KernelFiles, pageBytes } from '../../../../src/effects/host/kernelFiles'

let directory: string

beforeEach(() => { directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kernel-files-')) })
afterEach(() => { fs.rmSync(directory, { recursive: true, force: true }) })

const file = (name: string, text: string): string => {
  const made = path.join(directory, name)
  fs.writeFileSync(made, text)
  return made
}

const kept = (): number => fs.readdirSync('/proc/self/fd').filter((name) => {
  try {
    return fs.readlinkSync(`/proc/self/fd/${name}`).startsWith(directory)
  } catch {
    return false
  }
}).length

it('a file is read anew each time, through one descriptor', () => {
  const one = KernelFiles(10)(file('a', '1\n'))
  expect([one.text(), kept()]).toEqual(['1\n', 1])
  file('a', '22\n')
  expect([one.text(), kept()]).toEqual(['22\n', 1])
  one.close()
  one.close()
  expect(kept()).toBe(0)
})

it('no more descriptors are kept than are allowed, and one that is given back serves the next', () => {
  const open = KernelFiles(2)
  const all = Array.from({ length: 5 }, (_, index) => open(file(String(index), `${String(index)}\n`)))
  for (const round of [1, 2]) expect([round, ...all.map((one) => one.text())]).toEqual([round, '0\n', '1\n', '2\n', '3\n', '4\n'])
  expect(kept()).toBe(2)
  all[0]?.close()
  all[4]?.text()
  expect(kept()).toBe(2)
  for (const one of all) one.close()
  expect(kept()).toBe(0)
})

it('a file that is not there says nothing, holds nothing, and may come', () => {
  const one = KernelFiles(10)(path.join(directory, 'later'))
  expect([one.text(), kept()]).toEqual([undefined, 0])
  file('later', 'here\n')
  expect(one.text()).toBe('here\n')
  one.close()
})

it('a page has the size that the kernel says', () => { expect([4096, 16384, 65536]).toContain(pageBytes()) })
