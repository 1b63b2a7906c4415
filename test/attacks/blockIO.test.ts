import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import * as E from 'fp-ts/Either'

import { Facts, none } from '../../src/core/facts/Facts'
import { sampleFacts } from '../../src/core/facts/sampleFacts'
import { empty } from '../../src/core/image/ImageConfig'
import { issues as spoken } from '../../src/core/report/explain'
import { questionsOf } from '../../src/core/resolve/questionsOf'
import * as Request from '../../src/core/resolve/Request'
import { translate } from '../../src/core/translate'
import { answer } from '../../src/effects/answer'
import { connect } from '../../src/effects/containerd/Containerd'
import { Looker } from '../../src/effects/ports/Reads'
import { rightOf } from '../../src/testing/facts'

type Some = Readonly<Record<string, unknown>>

const OPTIONS = { blkio_weight_device: '100', device_read_bps: '1m', device_write_bps: '1m', device_read_iops: '10', device_write_iops: '10' } as const

const decoded = (task: Some, plugin: Some = {}): ReturnType<typeof Request.decode> => Request.decode({
  task: { image: 'busybox:1', command: 'true', ...task }, plugin: { containerd_runtime: 'io.containerd.runc.v2', ...plugin },
  allocation: { id: 'a/web/1', name: 'web', allocDir: '/var/lib/nomad/alloc/a' }
})

const refusedFor = (task: Some, plugin: Some = {}): string => {
  const request = decoded(task, plugin)
  return E.isLeft(request) ? spoken(request.left) : ''
}

let dir: string

beforeAll(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'block-io-'))
  execFileSync('mknod', [path.join(dir, 'disk'), 'b', '7', '9'])
  execFileSync('mknod', [path.join(dir, 'terminal'), 'c', '1', '3'])
  fs.writeFileSync(path.join(dir, 'file'), '')
  fs.symlinkSync('disk', path.join(dir, 'link'))
})

afterAll(() => { fs.rmSync(dir, { recursive: true }) })

/** What the host answers to all that a task asks of it, without its image. */
const asked = async (task: Some): Promise<Facts> => {
  const questions = questionsOf(rightOf(decoded(task), spoken)).filter(({ _tag }) => _tag !== 'AskImage' && _tag !== 'AskHost')
  const containerd = connect('/nonexistent.sock', 'none')
  const facts = rightOf(await answer(containerd, questions, new Map(), Looker('x'))())
  containerd.close()
  return facts
}

describe('limits of block I/O on a device', () => {
  it.each(Object.entries(OPTIONS))('%s: no directory of the host is ever listed', async (option, amount) => {
    expect((await asked({ [option]: [`/dev:${amount}`, `/:${amount}`, `${dir}:${amount}`] })).devices).toEqual({})
    expect(questionsOf(rightOf(decoded({ [option]: [`/proc:${amount}`] }))).filter(({ _tag }) => _tag === 'AskDevice')).toEqual([])
  })

  it('a block device is found by its path and by a link to it; a terminal, a file and nothing are told alike', async () => {
    const { devices } = await asked({ device_read_bps: ['disk', 'link', 'terminal', 'file', 'nothing', 'file/below'].map((name) => `${dir}/${name}:1m`) })
    expect(devices).toEqual({
      [`${dir}/disk`]: expect.objectContaining({ type: 'b', major: 7, minor: 9 }), [`${dir}/link`]: expect.objectContaining({ type: 'b', major: 7, minor: 9 })
    })
  })

  it.each(Object.entries(OPTIONS))('%s goes by `allow_devices`, as `devices` does, also with steps up', (option, amount) => {
    const only = { allow_devices: ['/dev/sda', '/dev/nvme*'] }
    expect(refusedFor({ [option]: [`/dev/sda:${amount}`, `/dev/nvme0n1:${amount}`] }, only)).toBe('')
    for (const device of ['/dev/sdb', '/dev/nvme0/../sdb', '/etc']) {
      expect(refusedFor({ [option]: [`${device}:${amount}`] }, only)).toContain('the plugin option `allow_devices` does not list it')
    }
    expect(refusedFor({ [option]: [`/dev/sda:${amount}`] }, { hardened: true })).toContain('the plugin option `allow_devices` does not list it')
  })

  it('thousands of the same directory are asked for once', () => {
    const request = rightOf(decoded({ devices: Array.from({ length: 1000 }, (_, index) => `/dev:/x${String(index)}`) }), spoken)
    expect(questionsOf(request).filter(({ _tag }) => _tag === 'AskDevice')).toEqual([{ _tag: 'AskDevice', path: '/dev' }])
  })
})

describe('directories of devices', () => {
  const node = { type: 'c', major: 1, minor: 1, fileMode: 0o666, uid: 0, gid: 0 } as const

  const translated = (task: Some, plugin: Some, devices: Facts['devices']): string => {
    const request = rightOf(decoded(task, plugin), spoken)
    const outcome = translate(request, sampleFacts(questionsOf(request), { ...none, devices }, empty))
    return E.isLeft(outcome) ? spoken(outcome.left) : 'compiles'
  }

  it('a pattern that matches a directory gives only the devices that it matches too', () => {
    const devices = { '/dev/dri/card0': node, '/dev/dri/renderD128': node }
    expect(translated({ devices: ['/dev/dri'] }, { allow_devices: ['*/dri'] }, devices)).toContain('holds /dev/dri/card0, which the plugin option `allow_devices` does not list')
    expect(translated({ devices: ['/dev/dri'] }, { allow_devices: ['/dev/dri'] }, devices)).toBe('compiles')
    expect(translated({ devices: ['/dev/dri'] }, { allow_devices: ['/dev/dri*'] }, devices)).toBe('compiles')
  })

  it('one directory under a thousand names is not a million devices', () => {
    const devices = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`/dev/many/d${String(index)}`, node]))
    const before = performance.now()
    expect(translated({ devices: Array.from({ length: 1000 }, (_, index) => `/dev/many:/x${String(index)}`) }, {}, devices)).toContain('come to 1000000 devices')
    expect(performance.now() - before).toBeLessThan(2000)
  })

  it('a directory with a whole file system in it is given up soon, and the event loop turns meanwhile', async () => {
    const many = fs.mkdtempSync(path.join(os.tmpdir(), 'many-'))
    for (let index = 0; index < 21_000; index += 1) fs.writeFileSync(path.join(many, String(index)), '')
    let [last, longest] = [performance.now(), 0]
    const timer = setInterval(() => { longest = Math.max(longest, performance.now() - last); last = performance.now() }, 1)
    await expect(asked({ devices: [many] })).rejects.toThrow('hold more than 20000 files')
    clearInterval(timer)
    fs.rmSync(many, { recursive: true })
    expect(longest).toBeLessThan(500)
  })
})
