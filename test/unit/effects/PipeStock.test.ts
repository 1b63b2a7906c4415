import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { PipeStock } from '../../../src/effects/host/PipeStock'
import { sleep } from '../../system/harness/process'

let directory: string
let stock: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pipes-'))
  stock = join(directory, '.pipes')
})

afterEach(() => { rmSync(directory, { recursive: true, force: true }) })

const spares = (): ReadonlyArray<string> => { try { return readdirSync(stock) } catch { return [] } }

const filled = async (): Promise<void> => {
  const until = Date.now() + 10_000
  while (spares().length < 24 && Date.now() < until) await sleep(5)
  // The stock knows of them a moment later.
  await sleep(50)
}

const paths = (...names: ReadonlyArray<string>): ReadonlyArray<string> => names.map((name) => join(directory, name))

/** Which of them are pipes that only this user can open. */
const pipes = (...names: ReadonlyArray<string>): ReadonlyArray<boolean> =>
  paths(...names).map((path) => lstatSync(path).isFIFO() && (lstatSync(path).mode & 0o777) === 0o600)

describe('a pipe is there', () => {
  it('when none was made ahead, and then from those that are', async () => {
    const one = PipeStock()
    await one.place('make', stock, paths('a', 'b'))
    expect(pipes('a', 'b')).toEqual([true, true])
    await filled()
    expect([spares().length, lstatSync(stock).mode & 0o777]).toEqual([24, 0o700])
    await one.place('make', stock, paths('c', 'd', 'e'))
    expect([pipes('c', 'd', 'e'), spares().length]).toEqual([[true, true, true], 21])
  })

  it('when another process has taken all, and when more are wanted than there are', async () => {
    const one = PipeStock()
    await one.place('make', stock, paths('a'))
    await filled()
    rmSync(stock, { recursive: true })
    await one.place('make', stock, paths('b', 'c'))
    expect(pipes('b', 'c')).toEqual([true, true])
    const many = Array.from({ length: 60 }, (_, index) => `many-${String(index)}`)
    await one.place('make', stock, paths(...many))
    expect(pipes(...many)).toEqual(many.map(() => true))
  })

  it('from those of the process before, and from nothing that is no pipe', async () => {
    mkdirSync(stock)
    execFileSync('mkfifo', ['-m', '600', join(stock, 'earlier')])
    writeFileSync(join(stock, 'file'), '')
    const one = PipeStock()
    await one.place('make', stock, paths('a'))
    await filled()
    await one.place('make', stock, paths(...Array.from({ length: 24 }, (_, index) => `p-${String(index)}`)))
    expect(spares()).not.toContain('earlier')
    expect(spares()).toContain('file')
  })

  it('once only: no two are given the same', async () => {
    const all = [PipeStock(), PipeStock()]
    for (const one of all) await one.place('make', stock, paths(`first-${String(all.indexOf(one))}`))
    await filled()
    await Promise.all(all.flatMap((one, index) =>
      Array.from({ length: 10 }, (_, count) => one.place('make', stock, paths(`q-${String(index)}-${String(count)}`)))))
    const inodes = readdirSync(directory).filter((name) => name.startsWith('q-')).map((name) => lstatSync(join(directory, name)).ino)
    expect(new Set(inodes).size).toBe(20)
  })
})
