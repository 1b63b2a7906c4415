import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { ServiceError, status } from '@grpc/grpc-js'

import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { ARCHITECTURE } from '../../src/effects/host/architecture'
import { RecoverableError } from '../../src/generated/nomad/driver'
import { Status } from '../../src/generated/nomad/status'
import { Allocation, makeAllocation } from '../system/harness/allocation'
import { Calls, said } from '../system/harness/calls'
import { PrivateContainerd, startContainerd, VERSION } from '../system/harness/containerd'
import { settled } from '../system/harness/leftovers'
import { launch, Plugin } from '../system/harness/plugin'
import { openShelf, Shelf, shellLayer } from '../system/harness/shelf'

// All that containerd and the driver write lies on a small disk.

const SIZE_MB = 160
const LAYER_MB = 24

jest.setTimeout(120_000)

let disk: string
let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
let shelf: Shelf
let small: string
const made: Array<Allocation> = []
const { start, destroy } = Calls(() => plugin)

const filler = (where = disk): string => path.join(where, 'filler')

const freeKb = (where: string): number => {
  const { bavail, bsize } = fs.statfsSync(where)
  return bavail * bsize / 1024
}

/** Leaves so much of a disk free. */
const fill = (leaveKb: number, where = disk): void => {
  const file = fs.openSync(filler(where), 'a')
  const page = Buffer.alloc(4096)
  try {
    while (freeKb(where) > leaveKb + 4096) fs.writeSync(file, Buffer.alloc(1024 * 1024))
    while (freeKb(where) > leaveKb) fs.writeSync(file, page)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOSPC') throw thrown
  } finally {
    fs.closeSync(file)
  }
}

const free = (where = disk): void => { fs.rmSync(filler(where), { force: true }) }

const inTmpfs = (name: string, sizeMb: number): string => {
  const at = fs.mkdtempSync(path.join(os.tmpdir(), name))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${String(sizeMb)}m`, 'none', at])
  return at
}

let images = 0

/** An image with so many bytes beside its shell: random ones are as large on the wire as on the disk. */
const image = async (bytes: Buffer = Buffer.alloc(0)): Promise<string> => {
  images += 1
  const name = `disk/app:${String(images)}`
  await shelf.put(name, { layers: [shellLayer(), [[{ name: 'data', mode: 0o644 }, bytes as unknown as string]]], architecture: ARCHITECTURE })
  return `${shelf.host}/${name}`
}

const task = (name: string): Allocation => {
  const one = makeAllocation({ config: { image: name, command: 'sh', args: ['-c', 'echo here; exec sleep 1000'], extra_hosts: ['db:10.0.0.7'] } })
  made.push(one)
  return one
}

/** Whether Nomad may try again, as it reads it. */
const isRecoverable = ({ metadata }: ServiceError): boolean => {
  const [detail] = metadata.get('grpc-status-details-bin')
  const [first] = detail === undefined ? [] : Status.decode(Buffer.from(detail)).details
  return first !== undefined && RecoverableError.decode(first.value).recoverable
}

const refused = async (one: Allocation): Promise<string> => {
  try {
    await start(one.config)
  } catch (thrown) {
    const error = thrown as ServiceError
    expect([error.code, isRecoverable(error), error.details]).toEqual([status.FAILED_PRECONDITION, true, expect.stringMatching(/no space left on device/i)])
    return error.details
  }
  throw new Error('it starts although the disk is full')
}

/** What containerd has of downloads that are not done. A directory without the name of one is its own, when it could not write even that. */
const ingests = (): ReadonlyArray<string> => {
  const all = path.join(daemon.directory, 'root/io.containerd.content.v1.content/ingest')
  return fs.readdirSync(all).map((one) => path.join(all, one, 'ref')).filter((ref) => fs.existsSync(ref) && fs.readFileSync(ref, 'utf8') !== '')
}

/** It runs, now that there is space, and nothing half-made is left. */
const works = async (one: Allocation): Promise<void> => {
  await start(one.config)
  await said(one, 'here')
  expect(ingests()).toEqual([])
  await destroy(one.config.id)
  expect(await settled(containerd)).toEqual([])
  const names = [small, path.join(disk, 'files')].flatMap((at) => (fs.existsSync(at) ? fs.readdirSync(at) : []))
  expect(names.filter((name) => name.startsWith('web-'))).toEqual([])
}

const relaunch = async (stateDirectory: string): Promise<void> => {
  plugin = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, state_dir: stateDirectory })
}

beforeAll(async () => {
  shelf = await openShelf()
  disk = inTmpfs('small-disk-', SIZE_MB)
  small = inTmpfs('smaller-disk-', 1)
  daemon = await startContainerd(VERSION, '', disk)
  containerd = connect(daemon.address, daemon.namespace)
  await relaunch(path.join(disk, 'files'))
}, 60_000)

afterEach(async () => {
  free()
  free(small)
  for (const { config } of made) await destroy(config.id)
  for (const one of made.splice(0)) one.remove()
})

afterAll(async () => {
  await plugin.kill()
  containerd.close()
  await daemon.stop()
  await shelf.stop()
  for (const at of [disk, small]) {
    execFileSync('umount', ['-l', at])
    fs.rmdirSync(at)
  }
})

const tell = (what: string, words: string): void => { process.stderr.write(`containerd ${VERSION}, disk full during ${what}: ${words.split('\n')[0] ?? ''}\n`) }

describe(`on containerd ${VERSION}, a disk that is full`, () => {
  it.each([['pull', randomBytes], ['unpack', Buffer.alloc]] as const)('during the %s is told, and it works again once there is space', async (what, bytes) => {
    const one = task(await image(bytes(LAYER_MB * 1024 * 1024)))
    fill(LAYER_MB * 1024 / 2)
    tell(what, await refused(one))
    expect(ingests()).toEqual([])
    free()
    await works(one)
  })

  it.each([0, 4, 16, 32])('but for %i KiB when the task is made is told or does not matter, and it works again once there is space', async (leaveKb) => {
    const name = await image()
    await works(task(name))
    const one = task(name)
    fill(leaveKb)
    const answer = await start(one.config).then(() => 'started', (thrown: unknown) => thrown as ServiceError)
    if (answer === 'started') {
      tell(`a start, but for ${String(leaveKb)} KiB`, 'it starts')
      free()
      await destroy(one.config.id)
      await works(task(name))
      return
    }
    if (typeof answer !== 'string') {
      tell(`a start, but for ${String(leaveKb)} KiB`, answer.details)
      expect([isRecoverable(answer), answer.details]).toEqual([true, expect.stringMatching(/no space left on device/i)])
      free()
      await works(one)
    }
  })

  it('where the driver writes is told, and it works again once there is space', async () => {
    const name = await image()
    await works(task(name))
    await plugin.kill()
    await relaunch(small)
    const one = task(name)
    fill(0, small)
    tell('a write of state', await refused(one))
    expect(await settled(containerd)).toEqual([])
    free(small)
    await works(one)
  })
})
