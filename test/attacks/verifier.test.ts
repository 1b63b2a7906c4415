import { execFile, execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { promisify } from 'node:util'

import { OWN_IMAGES } from '../../src/core/domain/labels'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { ARCHITECTURE } from '../../src/effects/host/architecture'
import { StartTaskResponse, WaitTaskResponse } from '../../src/generated/nomad/driver'
import { makeAllocation } from '../system/harness/allocation'
import { PrivateContainerd, startContainerd } from '../system/harness/containerd'
import { settled } from '../system/harness/leftovers'
import { ask, launch, Plugin, refusal } from '../system/harness/plugin'
import { Entry, file, Made, openShelf, Shelf } from '../system/harness/shelf'

// Who the operator asks whether an image may run: programs of his own, as containerd calls them.

let daemon: PrivateContainerd
let containerd: Containerd
let shelf: Shelf
let plugin: Plugin
let binDir: string
let scratch: string
let app: Made
const plugins: Array<Plugin> = []

const BUSYBOX: Entry = [{ name: 'bin/busybox', mode: 0o755 }, fs.readFileSync('/bin/busybox') as unknown as string]
const image = (text: string): { layers: ReadonlyArray<ReadonlyArray<Entry>>; config: object; architecture: string } =>
  ({ layers: [[BUSYBOX], [file('said', `${text}\n`)]], config: { Entrypoint: ['/bin/busybox', 'cat', '/said'] }, architecture: ARCHITECTURE })

const launched = async (verifier: object | undefined): Promise<Plugin> => {
  const images = verifier === undefined ? {} : { images: { verifier } }
  const one = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, ...images })
  plugins.push(one)
  return one
}

const ctr = (...args: ReadonlyArray<string>): string =>
  execFileSync('ctr', ['--address', daemon.address, '--namespace', daemon.namespace, ...args], { encoding: 'utf8' })

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  shelf = await openShelf()
  binDir = path.join(daemon.directory, 'verifiers')
  scratch = path.join(daemon.directory, 'scratch')
  for (const one of [binDir, scratch]) fs.mkdirSync(one)
  plugin = await launched({ bin_dir: binDir, per_verifier_timeout: '2s' })
  app = await shelf.put('team/app:1', image('app 1'))
}, 60_000)

afterAll(async () => {
  for (const one of plugins) await one.kill()
  containerd.close()
  await shelf.stop()
  await daemon.stop()
})

const calls = (): ReadonlyArray<string> => {
  const at = path.join(scratch, 'calls')
  return fs.existsSync(at) ? fs.readFileSync(at, 'utf8').trim().split('\n') : []
}

/** A verifier that notes what it is asked, and then does this. */
const says = (script: string): void => {
  fs.writeFileSync(path.join(binDir, 'signed'), `#!/bin/sh\necho "$2 $4" >> ${scratch}/calls\n${script}\n`, { mode: 0o755 })
}

beforeEach(() => {
  fs.rmSync(path.join(scratch, 'calls'), { force: true })
  says('exit 0')
})

/** Everything of images that containerd has. */
const kept = (): string => [...['images', 'leases', 'content'].map((one) => ctr(one, 'ls', '-q')), ctr('snapshots', 'ls')].join('\n')

/** What the task says, or why it does not start. */
const run = async (options: Readonly<Record<string, unknown>>, by = plugin, bring: (taskDir: string) => void = () => undefined): Promise<string> => {
  const one = makeAllocation({ config: options })
  bring(path.join(one.dir, 'web'))
  const taskId = one.config.id
  try {
    const start = ask<StartTaskResponse>((done) => by.driver.startTask({ task: one.config }, done))
    const outcome = await start.then(() => undefined, async () => refusal(start))
    if (outcome !== undefined) return outcome.details
    await ask<WaitTaskResponse>((done) => by.driver.waitTask({ taskId }, done))
    await one.outputEnds
    return `${one.stdout()}${one.stderr()}`
  } finally {
    await ask((done) => by.driver.destroyTask({ taskId, force: true }, done))
    one.remove()
    expect(await settled(containerd)).toEqual([])
  }
}

const name = (): string => `${shelf.host}/team/app:1`

describe('an image that the verifier does not let in', () => {
  it('is not fetched: nothing but its manifest is asked for, nothing is left', async () => {
    says('echo "nobody signed it"; exit 1')
    const before = kept()
    const asked = shelf.requests.length
    expect(await run({ image: name() })).toBe(`pull ${name()}: verifier signed of ${binDir} does not let ${app.digest} in (exit code 1): nobody signed it`)
    expect(calls()).toEqual([`${name()} ${app.digest}`])
    expect(shelf.requests.slice(asked).filter((request) => request.includes('/blobs/'))).toEqual([])
    expect(kept()).toBe(before)
  })

  it('runs no more where it was here before, whatever the pull policy', async () => {
    expect(await run({ image: name() }, await launched(undefined))).toBe('app 1\n')
    says('echo revoked; exit 1')
    const before = kept()
    for (const pull_policy of ['missing', 'never', 'always']) {
      expect(await run({ image: name(), pull_policy })).toContain(`does not let ${app.digest} in (exit code 1): revoked`)
      expect(kept()).toBe(before)
    }
    expect(calls()).toHaveLength(3)
    says('exit 0')
    expect(await run({ image: name() })).toBe('app 1\n')
  })

  it('is not unpacked where somebody imported it', async () => {
    await shelf.put('team/imported:1', image('imported'))
    const imported = `${shelf.host}/team/imported:1`
    // The registry is this very process: it has to listen meanwhile.
    await promisify(execFile)('ctr', ['--address', daemon.address, '--namespace', daemon.namespace, 'content', 'fetch', '--plain-http', imported])
    says('exit 1')
    const before = ctr('snapshots', 'ls')
    expect(await run({ image: imported, pull_policy: 'never' })).toContain('it gave no reason')
    expect(ctr('snapshots', 'ls')).toBe(before)
  })

  it('is not loaded from an archive either, and the name that the archive claims counts for nothing', async () => {
    expect(await run({ image: name() })).toBe('app 1\n')
    ctr('images', 'export', path.join(scratch, 'web.tar'), name())
    const bring = (taskDir: string): void => { fs.cpSync(path.join(scratch, 'web.tar'), path.join(taskDir, 'local/web.tar')) }
    says('case "$2" in containerd-driver.local/*) echo "no archives"; exit 1;; esac')
    expect(await run({ image: name(), load: 'web.tar' }, plugin, bring)).toContain('(exit code 1): no archives')
    expect(ctr('images', 'ls', '-q')).not.toContain(OWN_IMAGES)
    fs.rmSync(path.join(scratch, 'calls'))
    says('exit 0')
    expect(await run({ image: name(), load: 'web.tar' }, plugin, bring)).toBe('app 1\n')
    expect(calls().map((call) => call.split(' ')[0]?.startsWith(OWN_IMAGES))).toEqual([true])
  })
})

it('one start asks once about what it fetches, and the next start asks again', async () => {
  await shelf.put('team/app:2', image('app 2'))
  const other = `${shelf.host}/team/app:2`
  expect(await run({ image: other })).toBe('app 2\n')
  expect(calls()).toHaveLength(1)
  expect(await run({ image: other })).toBe('app 2\n')
  expect(calls()).toHaveLength(2)
})

it('a verifier that does not answer lets nothing in, and the start may be tried again', async () => {
  says('sleep 100')
  expect(await run({ image: name() })).toContain(`verifier ${binDir}/signed has not answered for 2000 ms`)
})

it('an operator whose verifiers are gone has no image run', async () => {
  const other = await launched({ bin_dir: path.join(scratch, 'nowhere') })
  expect(await run({ image: name() }, other)).toContain(`${scratch}/nowhere does not exist; no image is let in`)
})
