import { ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import * as E from 'fp-ts/Either'

import { pinSource, unpinSource } from '../../src/effects/host/pinnedSource'
import { Allocation } from '../system/harness/allocation'
import { EXECUTABLE } from '../system/harness/plugin'
import { Hardened } from './harness/Hardened'
import { mountCalls } from './harness/mountCalls'

let host: Hardened

beforeAll(async () => { host = await Hardened() }, 60_000)
afterEach(async () => { expect(await host.clear()).toEqual([]) })
afterAll(async () => { await host.end() })

/** Replaces what is at a path by a link to the place that no job may reach. */
const linked = (one: Allocation, name: string): void => {
  const place = path.join(one.dir, name)
  if (fs.existsSync(place)) fs.renameSync(place, `${place}-was`)
  fs.symlinkSync(host.target, place)
}

describe('what root mounts from an allocation (W2)', () => {
  it.each([
    '..', '.', './', '../', '../web', '../other', '../other/local', '../other/secrets/key', 'private', 'private/token', 'local/..', '../web/../other/secrets'
  ])('a bind of %j is refused: whoever writes there chooses what root mounts next, or reads what is another\'s', async (source) => {
    const one = host.task('true', { volumes: [`${source}:/a`] })
    for (const made of ['other/local', 'other/secrets', 'web/private']) fs.mkdirSync(path.join(one.dir, made), { recursive: true })
    expect(await host.refused(one)).toMatch(/task\.volumes\[0\] = ".*": (is|belongs)/)
  })

  it.each(['web/local', 'web/secrets', 'alloc', 'alloc/logs'])("Nomad's own %s is not mounted where a link stands in its place", async (name) => {
    const one = host.task('cat /local/secret /secrets/secret /alloc/secret; true')
    linked(one, name)
    expect(await host.refused(one)).toMatch(/is a link/)
    expect(host.untouched()).toBe(true)
  })

  it('its own directories and what the tasks share stay usable', async () => {
    const volumes = ['local:/a', 'secrets:/b', '../alloc/data:/c', 'local/app:/d', 'local/file:/e']
    const one = host.task('for d in a b c d; do echo $d > /$d/made || exit 1; done; cat /e; echo more >> /e', { volumes })
    for (const made of ['alloc/data', 'web/local/app']) fs.mkdirSync(path.join(one.dir, made))
    fs.writeFileSync(path.join(one.dir, 'web/local/file'), 'text\n')
    expect(await host.run(one)).toEqual({ code: 0, said: 'text\n' })
    for (const name of ['web/local', 'web/secrets', 'alloc/data', 'web/local/app']) expect(fs.existsSync(path.join(one.dir, name, 'made'))).toBe(true)
    expect(fs.readFileSync(path.join(one.dir, 'web/local/file'), 'utf8')).toBe('text\nmore\n')
  })
})

describe('a source that another task could swap (W3)', () => {
  it('is refused where it is a link, or passes one', async () => {
    for (const [name, source] of [['alloc/data/x', '../alloc/data/x'], ['web/local/y', 'local/y/z']] as const) {
      const one = host.task('true', { volumes: [`${source}:/x`] })
      fs.mkdirSync(path.join(one.dir, 'alloc/data'))
      linked(one, name)
      expect(await host.refused(one)).toMatch(/is a link, and no link is followed/)
    }
  })

  it('is never the target of a link that stands there for a moment, however often it is tried', async () => {
    const base = fs.mkdtempSync(path.join(host.daemon.directory, 'race-'))
    const source = path.join(base, 'data/x')
    fs.mkdirSync(source, { recursive: true })
    const swapper = swapping(path.join(base, 'data'), host.target)
    const seen = { pinned: 0, refused: 0 }
    try {
      for (const until = Date.now() + RACE_MS; Date.now() < until;) {
        const place = path.join(base, 'state/c/mounts/p')
        const outcome = await pinSource({ _tag: 'PinSource', path: place, source, kind: 'directory', recursive: true })()
        if (E.isRight(outcome)) expect(fs.readdirSync(place)).toEqual([])
        seen[E.isRight(outcome) ? 'pinned' : 'refused'] += 1
        expect(await unpinSource(place)()).toEqual(E.right(undefined))
      }
    } finally {
      await swapper.stop()
    }
    expect(Math.min(seen.pinned, seen.refused)).toBeGreaterThan(0)
    expect(host.untouched()).toBe(true)
  }, 60_000)

  it('is mounted by the descriptor that was opened, never by its name', async () => {
    const base = fs.mkdtempSync(path.join(host.daemon.directory, 'calls-'))
    const source = path.join(base, 'x')
    fs.mkdirSync(source)
    const place = path.join(base, 'state/c/mounts/p')
    const calls = await mountCalls(async () => {
      expect(await pinSource({ _tag: 'PinSource', path: place, source, kind: 'directory', recursive: true })()).toEqual(E.right(undefined))
    })
    await unpinSource(place)()
    expect(calls.filter((call) => call.includes('/proc/self/fd/3'))).not.toEqual([])
    expect(calls.filter((call) => call.includes(`"${source}"`))).toEqual([])
  })

  it('a start and its end leave no mount and no place, and never remove what is in one', async () => {
    const place = path.join(host.daemon.directory, 'pins/c/mounts/p')
    fs.mkdirSync(place, { recursive: true, mode: 0o700 })
    fs.writeFileSync(path.join(place, 'file'), 'kept')
    expect(E.isLeft(await unpinSource(place)())).toBe(true)
    expect(fs.readFileSync(path.join(place, 'file'), 'utf8')).toBe('kept')
    const one = host.task('true', { volumes: ['local/x:/x'] })
    fs.mkdirSync(path.join(one.dir, 'web/local/x'))
    await host.run(one)
    expect(fs.readdirSync(path.join(host.daemon.directory, 'pins'))).toEqual(['c'])
  })
})

describe('a plugin whose mounts containerd does not see', () => {
  it('starts no task whose pinned source would be an empty directory of the driver\'s', async () => {
    const apart = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'apart-')), 'containerd-driver')
    fs.writeFileSync(apart, `#!/bin/sh\nexec unshare --mount --propagation private ${EXECUTABLE}\n`, { mode: 0o755 })
    const other = await Hardened({}, apart)
    try {
      const one = other.task('echo kept > /x/file', { volumes: ['local/x:/x'] })
      fs.mkdirSync(path.join(one.dir, 'web/local/x'))
      expect(await other.refused(one)).toContain('containerd does not see the mounts of this process')
      expect(await other.clear()).toEqual([])
    } finally {
      await other.end()
      fs.rmSync(path.dirname(apart), { recursive: true })
    }
  }, 60_000)
})

describe('pins', () => {
  it('are at most 128 for a task: each is a mount of the host', async () => {
    const one = host.task('true', { volumes: Array.from({ length: 129 }, (_, index) => `local/x:/x/${String(index)}`) })
    fs.mkdirSync(path.join(one.dir, 'web/local/x'))
    expect(await host.refused(one)).toContain('are mounts of sources that a task could swap, more than 128')
  })
})

const RACE_MS = 5000

/** Swaps `x` in a directory for a link and back, as fast as a shell can. */
const swapping = (directory: string, target: string): { readonly stop: () => Promise<void> } => {
  const script = `cd "$1" && while :; do mv x y; ln -s "$2" x; rm x; mv y x; done`
  const child: ChildProcess = spawn('busybox', ['sh', '-c', script, 'swap', directory, target], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('exit', () => { resolve() }))
  return { stop: () => { child.kill('SIGKILL'); return ended } }
}
