import * as E from 'fp-ts/Either'

import { CdiFile } from '../../../src/core/cdi/CdiFile'
import * as _ from '../../../src/core/cdi/editsOf'
import { gpus, serial } from './documents'

const etc = (name: string, document: unknown): CdiFile => ({ path: `/etc/cdi/${name}`, document })
const run = (name: string, document: unknown): CdiFile => ({ path: `/var/run/cdi/${name}`, document })

const HOST = [etc('nvidia.json', gpus), etc('serial.yaml', serial)]

const small = (name: string, containerEdits: object, more: object = {}): object =>
  ({ cdiVersion: '1.1.0', kind: 'v.com/c', devices: [{ name, containerEdits }], ...more })

const told = (names: ReadonlyArray<string>, files: ReadonlyArray<CdiFile>): ReadonlyArray<string> => {
  const outcome = _.editsOf(names, files)
  return E.isLeft(outcome) ? outcome.left.map(({ name, reason, hint }) => `${name}: ${reason}${hint === undefined ? '' : `; ${hint}`}`) : []
}

const env = (names: ReadonlyArray<string>, files: ReadonlyArray<CdiFile>): unknown => {
  const outcome = _.editsOf(names, files)
  return E.isRight(outcome) ? outcome.right.env : outcome.left
}

const node = (path: string): object => ({ path, hostPath: path, permissions: 'rwm' })

it('a device comes with the edits of its file, which are first and once', () => {
  expect(_.editsOf(['nvidia.com/gpu=1', 'nvidia.com/gpu=0'], HOST)).toEqual(E.right({
    env: ['NVIDIA_VISIBLE_DEVICES=void'],
    devices: ['/dev/nvidiactl', '/dev/nvidia1', '/dev/nvidia0', '/dev/dri/card1'].map(node),
    mounts: [
      { source: 'tmpfs', destination: '/run', type: 'tmpfs', options: [] },
      { source: '/usr/lib/libcuda.so.1', destination: '/usr/lib/libcuda.so.1', type: '', options: ['ro', 'nosuid', 'nodev', 'bind'] }
    ],
    hooks: { createContainer: [{ path: '/usr/bin/nvidia-cdi-hook', args: ['nvidia-cdi-hook', 'update-ldcache'], env: ['DEBUG=false'] }] },
    additionalGids: []
  }))
})

it('devices of two vendors come together', () => {
  expect(_.editsOf(['vendor.example/serial.port=A:1', 'nvidia.com/gpu=all'], HOST)).toMatchObject({
    right: { env: ['PORT=/dev/port', 'EMPTY=', 'NVIDIA_VISIBLE_DEVICES=void'], additionalGids: [20], hooks: { poststop: [{ path: '/bin/reset', timeout: 3 }] } }
  })
})

it('nobody asked, nothing edited, whatever the files are', () => {
  expect(_.editsOf([], [etc('a.json', 7)])).toEqual(E.right({ env: [], devices: [], mounts: [], hooks: {}, additionalGids: [] }))
})

it('what comes later replaces what came first: a variable in its place, a device and a mount at the end', () => {
  const edits = (from: string): object => ({
    env: [`WHO=${from}`, `${from}=1`], deviceNodes: [{ path: '/dev/a', hostPath: `/dev/${from}` }], mounts: [{ hostPath: `/${from}`, containerPath: '/data/' }]
  })
  const outcome = _.editsOf(['v.com/c=x', 'v.com/c=y'], [etc('a.json', { ...small('x', edits('x')), devices: ['x', 'y'].map((name) => ({ name, containerEdits: edits(name) })) })])
  expect(outcome).toMatchObject({
    right: { env: ['WHO=y', 'x=1', 'y=1'], devices: [{ path: '/dev/a', hostPath: '/dev/y' }], mounts: [{ source: '/y' }] }
  })
})

describe('which file gives a device', () => {
  const low = etc('a.json', small('x', { env: ['FROM=etc'] }, { containerEdits: { env: ['LOW=1'] } }))
  const high = run('a.json', small('x', { env: ['FROM=run'] }))

  it('a later directory wins, with its own edits only', () => {
    expect(env(['v.com/c=x'], [low, high])).toEqual(['FROM=run'])
    expect(env(['v.com/c=x'], [high, low])).toEqual(['LOW=1', 'FROM=etc'])
  })

  it('two files of one directory clash, even below a third', () => {
    const twin = etc('b.json', small('x', { env: ['FROM=twin'] }))
    const clash = ['v.com/c=x: is in more than one CDI file: /etc/cdi/a.json, /etc/cdi/b.json; remove it from all but one of them']
    expect(told(['v.com/c=x'], [low, twin])).toEqual(clash)
    expect(told(['v.com/c=x'], [twin, low, high])).toEqual(clash)
  })

  it('two files of one kind and different devices do not', () => {
    expect(env(['v.com/c=y', 'v.com/c=x'], [low, etc('b.json', small('y', { env: ['Y=1'] }))])).toEqual(['Y=1', 'LOW=1', 'FROM=etc'])
  })
})

describe('what is refused', () => {
  it.each<readonly [string, string, ReadonlyArray<CdiFile>, ReadonlyArray<string>]>([
    ['a name that is none', 'gpu=0', HOST, ['gpu=0: is no full CDI name; write it as "vendor.com/class=name"']],
    ['a host without CDI', 'a/b=c', [], ['a/b=c: no CDI file of this host has a device; install the CDI file of the vendor, for example in /etc/cdi']],
    ['an unknown device', 'nvidia.com/gpu=al', HOST, ['nvidia.com/gpu=al: the kind "nvidia.com/gpu" has no device "al" on this host; did you mean "nvidia.com/gpu=all"?']],
    ['a device far from all', 'vendor.example/serial.port=something-quite-else', HOST,
      ['vendor.example/serial.port=something-quite-else: the kind "vendor.example/serial.port" has no device "something-quite-else" on this host; it has A:1']],
    ['a mistyped kind', 'nvidia.com/gpus=0', HOST,
      ['nvidia.com/gpus=0: no CDI file of this host has the kind "nvidia.com/gpus"; did you mean "nvidia.com/gpu=0"? known kinds are nvidia.com/gpu, vendor.example/serial.port']],
    ['an unknown kind', 'intel.com/fpga=0', HOST,
      ['intel.com/fpga=0: no CDI file of this host has the kind "intel.com/fpga"; known kinds are nvidia.com/gpu, vendor.example/serial.port']]
  ])('%s', (_what, name, files, reasons) => { expect(told([name], files)).toEqual(reasons) })

  it('a long list of devices is cut', () => {
    const devices = Array.from({ length: 13 }, (_one, i) => ({ name: `unit${String(i)}`, containerEdits: { env: ['A=1'] } }))
    expect(told(['v.com/c=something-quite-else'], [etc('a.json', small('', {}, { devices }))])[0]).toMatch(/it has unit0, unit1, unit10, .*unit6 and 3 more$/)
  })

  it('every name that cannot be had, at once', () => {
    expect(told(['x', 'nvidia.com/gpu=0', 'y', 'x'], HOST).map((text) => text.slice(0, 2))).toEqual(['x:', 'y:'])
  })
})

describe('a broken file', () => {
  const broken = run('bad.json', { ...gpus, devices: 7 })
  const unreadable: CdiFile = { path: '/etc/cdi/torn.yaml', unreadable: 'cannot be read: it is torn' }
  const torn = 'cannot be read: it is torn'

  it('refuses its own kind, although another file has the device', () => {
    expect(told(['nvidia.com/gpu=0'], [...HOST, broken])).toEqual(['nvidia.com/gpu=0: /var/run/cdi/bad.json devices: must be a list'])
  })

  it('leaves the other kinds alone', () => {
    expect(told(['vendor.example/serial.port=A:1'], [...HOST, broken, unreadable])).toEqual([])
  })

  it('is named when nobody knows a device and it might', () => {
    expect(told(['a/b=c'], [unreadable, etc('odd.json', [])])).toEqual([
      'a/b=c: no CDI file of this host has a device; install the CDI file of the vendor, for example in /etc/cdi',
      'a/b=c: /etc/cdi/odd.json: must be an object',
      `a/b=c: /etc/cdi/torn.yaml: ${torn}`
    ])
    expect(told(['nvidia.com/gpu=7'], [...HOST, unreadable])[1]).toBe(`nvidia.com/gpu=7: /etc/cdi/torn.yaml: ${torn}`)
    expect(told(['a/b=c'], [...HOST, unreadable])).toHaveLength(2)
  })

  it('of another format does not fill the screen', () => {
    const devices = Array.from({ length: 100 }, () => 7)
    expect(told(['v.com/c=x'], [etc('a.json', small('', {}, { devices }))])).toHaveLength(8)
  })
})

describe('edits that this driver cannot do', () => {
  const devices = [{ name: 'plain', containerEdits: { env: ['A=1'] } }, { name: 'rdt', containerEdits: { intelRdt: { closID: 'x' } } }]
  const reason = 'wants Intel RDT (resctrl) classes, which this driver does not set'

  it('refuse the device that wants them and no other', () => {
    const files = [etc('a.json', small('', {}, { devices }))]
    expect(told(['v.com/c=rdt'], files)).toEqual([`v.com/c=rdt: /etc/cdi/a.json devices[1].containerEdits.intelRdt: ${reason}`])
    expect(env(['v.com/c=plain'], files)).toEqual(['A=1'])
  })

  it('refuse every device when the file itself wants them', () => {
    const files = [etc('a.json', small('', {}, { devices, containerEdits: { intelRdt: {} } }))]
    expect(told(['v.com/c=plain'], files)).toEqual([`v.com/c=plain: /etc/cdi/a.json containerEdits.intelRdt: ${reason}`])
  })
})
