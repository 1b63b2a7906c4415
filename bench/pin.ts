import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { isLeft } from 'fp-ts/Either'

import { pinSource, unpinSource } from '../src/effects/host/pinnedSource'

const ROUNDS = 40

/** One pinned source against one process that does nothing, in turn: milliseconds of each. */
export const pinTimes = async (): Promise<{ readonly pin: ReadonlyArray<number>; readonly nothing: ReadonlyArray<number> }> => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pin-bench-'))
  const source = path.join(directory, 'alloc/data/x')
  fs.mkdirSync(source, { recursive: true })
  const times = { pin: [] as Array<number>, nothing: [] as Array<number> }
  try {
    for (let index = 0; index < ROUNDS; index += 1) {
      const place = path.join(directory, `state/c/mounts/${String(index)}`)
      times.nothing.push(await timed(nothing))
      times.pin.push(await timed(() => pinned(source, place)))
      await unpinSource(place)()
    }
  } finally {
    // Where an unpin failed, this fails too, and loses nothing.
    fs.rmSync(path.join(directory, 'alloc'), { recursive: true, force: true })
    for (const one of [path.join(directory, 'state'), directory]) fs.rmdirSync(one)
  }
  return times
}

const timed = async (act: () => Promise<void>): Promise<number> => {
  const before = performance.now()
  await act()
  return performance.now() - before
}

const nothing = (): Promise<void> =>
  new Promise((resolve, reject) => {
    spawn('/bin/true', { stdio: 'ignore' }).once('exit', () => { resolve() }).once('error', reject)
  })

const pinned = async (source: string, place: string): Promise<void> => {
  const outcome = await pinSource({ _tag: 'PinSource', path: place, source, kind: 'directory', recursive: true })()
  if (isLeft(outcome)) throw new Error(outcome.left.detail)
}
