import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'

import * as E from 'fp-ts/Either'

import { UnreadAccounts } from '../../src/core/domain/Unread'
import { ImageFacts } from '../../src/core/facts/Facts'
import { answer } from '../../src/effects/answer'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import * as leases from '../../src/effects/containerd/leases'
import { pull } from '../../src/effects/image/pull'
import { SeenRoots } from '../../src/effects/image/seenRoot'
import { unpackImage } from '../../src/effects/image/unpack'
import { Looker } from '../../src/effects/ports/Reads'
import { lockImage } from '../../src/effects/registry/lockImage'
import { BOUNDS } from '../system/harness/bounds'
import { PrivateContainerd, startContainerd } from '../system/harness/containerd'
import { right } from '../system/harness/right'
import { Entry, file, openShelf, Shelf } from '../system/harness/shelf'

let daemon: PrivateContainerd
let containerd: Containerd
let shelf: Shelf
let counter = 0

beforeAll(async () => {
  shelf = await openShelf()
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
}, 60_000)

afterAll(async () => {
  containerd.close()
  await daemon.stop()
  await shelf.stop()
})

type Layers = ReadonlyArray<ReadonlyArray<Entry>>

const directory = (name: string): Entry => [{ name, type: 'directory' }]
const link = (name: string, linkname: string): Entry => [{ name, type: 'symlink', linkname }]

const snapshotter = 'overlayfs'

const unpacked = async (layers: Layers, on = snapshotter): Promise<string> => {
  counter += 1
  const name = `${shelf.host}/team/app:${String(counter)}`
  await shelf.put(`team/app:${String(counter)}`, { layers })
  const lease = `unpack-${String(counter)}`
  right(await leases.hold(containerd, lease, 'test', 600)())
  right(await pull(containerd, { ...BOUNDS, name, lease, logins: {} })())
  right(await unpackImage(containerd, { ...BOUNDS, name, snapshotter: on, lease })())
  right(await leases.release(containerd, lease)())
  return name
}

const seen = async (name: string, cache: SeenRoots = new Map(), on = snapshotter): Promise<ImageFacts> => {
  const facts = right(await answer(containerd, [{ _tag: 'AskImage', name, snapshotter: on, platform: '', places: [] }], cache, Looker('attack'))())
  const image = facts.images[name]
  if (image === undefined) throw new Error(`${name} is not in the answer`)
  return image
}

/** The accounts of an image as a start sees them, and as `lock` reads them out of the layers: the same. */
const both = async (layers: Layers): Promise<Pick<ImageFacts, 'passwd' | 'group' | 'unread'>> => {
  const name = await unpacked(layers)
  const { passwd, group, unread } = await seen(name)
  const locked = right(await lockImage({ name, platform: 'linux/amd64', isNamed: false, logins: {}, hosts: '', silenceMs: 60_000, timeoutMs: 60_000 }, { accounts: true })())
  expect({ passwd: locked.passwd, group: locked.group, unread: locked.unread }).toEqual({ passwd, group, unread })
  return { passwd, group, ...(unread === undefined ? {} : { unread }) }
}

const TRUE = 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\n'
const FALSE = 'root:x:0:0:root:/root:/bin/sh\napp:x:0:0::/:/bin/sh\n'
const BASE: ReadonlyArray<Entry> = [directory('etc'), file('etc/passwd', FALSE), file('etc/group', 'root:x:0:\n')]

const nothingIsLeft = async (): Promise<void> => {
  const left = await new Promise<ReadonlyArray<string>>((resolve) => {
    containerd.leases.list({ filters: [] }, containerd.headers(), (_error, value) => { resolve(value.leases.map(({ id }) => id)) })
  })
  expect(left.filter((id) => id.startsWith('view-'))).toEqual([])
  const snapshotsSeenBy = (pid: string): boolean => {
    try {
      return fs.readFileSync(`/proc/${pid}/mountinfo`, 'utf8').includes(daemon.directory) ||
        fs.readFileSync(`/proc/${pid}/mountinfo`, 'utf8').includes(' /sys rw,nosuid,nodev,noexec,relatime - overlay')
    } catch {
      return false
    }
  }
  expect(fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter(snapshotsSeenBy)).toEqual([])
}

describe('an image cannot lie about its accounts', () => {
  it('a file that a later layer hides by an opaque /etc does not count', async () => {
    expect(await both([BASE, [directory('etc'), file('etc/.wh..wh..opq', ''), file('etc/group', 'app:x:7:\n')]])).toEqual({ passwd: '', group: 'app:x:7:\n' })
    await nothingIsLeft()
  })

  it.each<readonly [string, Layers]>([
    ['a relative link', [[...BASE, directory('usr'), directory('usr/lib'), file('usr/lib/passwd', TRUE), link('etc/passwd', '../usr/lib/passwd')]]],
    ['an absolute link', [[...BASE, directory('usr'), directory('usr/lib'), file('usr/lib/passwd', TRUE), link('etc/passwd', '/usr/lib/passwd')]]],
    ['a link with more steps up than there are', [[...BASE, directory('usr'), file('usr/passwd', TRUE), link('etc/passwd', '../../../../usr/passwd')]]],
    ['/etc itself a link', [[directory('usr'), directory('usr/etc'), file('usr/etc/passwd', TRUE), file('usr/etc/group', 'root:x:0:\n'), link('etc', 'usr/etc')]]],
    ['/etc a link to a link, in two layers', [[directory('a'), file('a/passwd', TRUE), file('a/group', 'root:x:0:\n'), link('b', '/a')], [link('etc', 'b')]]],
    ['a link that a later layer replaces', [[...BASE, link('etc/passwd', 'nowhere')], [directory('etc'), file('etc/passwd', TRUE)]]],
    ['a file of the layer below the link', [[directory('srv'), file('srv/accounts', TRUE)], [directory('etc'), link('etc/passwd', '/srv/accounts'), file('etc/group', 'root:x:0:\n')]]]
  ])('%s is followed inside the image, as the container does', async (_what, layers) => {
    expect(await both(layers)).toEqual({ passwd: TRUE, group: 'root:x:0:\n' })
  })

  it('a link to a file of the host shows what the image has there, which is nothing', async () => {
    for (const to of ['/etc/shadow', '../../../../../../etc/shadow', '/proc/self/environ']) {
      expect(await both([[...BASE, link('etc/passwd', to)]])).toEqual({ passwd: '', group: 'root:x:0:\n' })
    }
  })

  it('links without an end are told, and end', async () => {
    const chain = Array.from({ length: 41 }, (_one, index) => link(`etc/l${String(index)}`, `l${String(index + 1)}`))
    for (const layers of [[[...BASE, link('etc/passwd', 'passwd')]], [[...BASE, link('etc/a', 'b'), link('etc/b', 'a'), link('etc/passwd', 'a')]]]) {
      expect(await both(layers)).toMatchObject({ passwd: '', unread: { passwd: { kind: 'too many links' } } })
    }
    const { passwd, unread } = await seen(await unpacked([[...BASE, ...chain, file('etc/l41', TRUE), link('etc/passwd', 'l0')]]))
    expect([passwd, unread]).toEqual(['', { passwd: { kind: 'too many links' } }])
  })

  it('forty links are followed, as Linux does', async () => {
    const chain = Array.from({ length: 39 }, (_one, index) => link(`etc/l${String(index)}`, `l${String(index + 1)}`))
    expect((await seen(await unpacked([[...BASE, ...chain, file('etc/l39', TRUE), link('etc/passwd', 'l0')]]))).passwd).toBe(TRUE)
  })

  it('a pipe, a device and a directory are told, and nobody waits for them', async () => {
    const special = (type: 'fifo' | 'character-device' | 'block-device' | 'directory'): Entry => [{ name: 'etc/passwd', type, devmajor: 1, devminor: 5 }]
    for (const type of ['fifo', 'character-device', 'block-device', 'directory'] as const) {
      const before = performance.now()
      const unread: UnreadAccounts = { passwd: { kind: 'no file' } }
      expect(await both([[directory('etc'), special(type), file('etc/group', 'g:x:1:\n')]])).toEqual({ passwd: '', group: 'g:x:1:\n', unread })
      expect(performance.now() - before).toBeLessThan(30_000)
    }
  })

  it('accounts of 2.4 megabytes are read, through links and as they are', async () => {
    const large = `${'user:x:5:5::/:/bin/sh\n'.repeat(110_000)}${TRUE}`
    expect((await both([[directory('etc'), file('etc/passwd', large)]])).passwd).toBe(large)
  })

  it('a file above 8 MiB is told by its size, and one of 1 GB costs no memory', async () => {
    const bytes = 8 * 1024 * 1024 + 1
    expect(await both([[directory('etc'), file('etc/passwd', 'x'.repeat(bytes))]])).toEqual({ passwd: '', group: '', unread: { passwd: { kind: 'too large', bytes } } })
    const name = await unpacked([[directory('etc'), file('etc/group', 'unlike:x:1:\n')]])
    const [layer = ''] = fs.readdirSync(`${daemon.directory}/root/io.containerd.snapshotter.v1.overlayfs/snapshots`).sort((a, b) => Number(b) - Number(a))
    fs.truncateSync(`${daemon.directory}/root/io.containerd.snapshotter.v1.overlayfs/snapshots/${layer}/fs/etc/group`, 1_073_741_824)
    const before = process.memoryUsage().rss
    const started = performance.now()
    expect((await seen(name)).unread).toEqual({ group: { kind: 'too large', bytes: 1_073_741_824 } })
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
  })

  it('names that are no UTF-8 lead where they lead, not to another file', async () => {
    const name = await unpacked([[...BASE, directory('usr')]])
    const snapshots = `${daemon.directory}/root/io.containerd.snapshotter.v1.overlayfs/snapshots`
    const [layer = ''] = fs.readdirSync(snapshots).sort((a, b) => Number(b) - Number(a))
    const root = Buffer.from(`${snapshots}/${layer}/fs/etc/`)
    const odd = Buffer.from([0xff, 0xfe])
    fs.rmSync(`${root.toString()}passwd`)
    fs.writeFileSync(Buffer.concat([root, odd]), TRUE)
    fs.writeFileSync(`${root.toString()}\uFFFD\uFFFD`, FALSE)
    fs.symlinkSync(odd, `${root.toString()}passwd`)
    expect((await seen(name)).passwd).toBe(TRUE)
  })
})

describe('looking', () => {
  it('is the same in the snapshotter native, whose views are binds', async () => {
    const name = await unpacked([BASE, [directory('etc'), link('etc/passwd', '/usr/p'), directory('usr'), file('usr/p', TRUE)]], 'native')
    expect((await seen(name, new Map(), 'native')).passwd).toBe(TRUE)
    await nothingIsLeft()
  })

  it('works for 127 layers, more than a page of options by their full names', async () => {
    const layers = Array.from({ length: 127 }, (_one, index) => [file(`srv/${String(index)}`, String(counter))])
    const name = await unpacked([BASE, ...layers.slice(1)])
    expect((await seen(name)).passwd).toBe(FALSE)
  })

  it('starts a process once for an image: what is known costs none', async () => {
    const name = await unpacked([BASE])
    const cache: SeenRoots = new Map()
    const first = await seen(name, cache)
    right(await containerdStays(() => seen(name, cache).then((again) => { expect(again).toEqual(first) })))
  })

  it('says which program is missing where util-linux is not', async () => {
    const name = await unpacked([BASE])
    const { PATH } = process.env
    process.env['PATH'] = '/nowhere'
    try {
      const outcome = await answer(containerd, [{ _tag: 'AskImage', name, snapshotter, platform: '', places: [] }], new Map(), Looker('attack'))()
      expect(outcome).toEqual(E.left({ _tag: 'Invalid', doing: 'look into the image', detail: expect.stringMatching(/unshare.*; install util-linux$/) as string }))
    } finally {
      process.env['PATH'] = PATH
    }
    await nothingIsLeft()
  })
})

/** What was removed is collected: a lease whose deletion waits for the collector. */
const collected = async (): Promise<void> => {
  right(await leases.hold(containerd, 'collect', 'attack', 60)())
  right(await leases.release(containerd, 'collect', true)())
}

/** Runs something during which no view is made: the snapshots are the same before, and none came meanwhile (their numbers rise). */
const containerdStays = async (act: () => Promise<void>): Promise<E.Either<string, void>> => {
  const next = (): string => execFileSync('ls', ['-c', `${daemon.directory}/root/io.containerd.snapshotter.v1.overlayfs/snapshots`], { encoding: 'utf8' })
  const changed = (): number => fs.statSync(`${daemon.directory}/root/io.containerd.snapshotter.v1.overlayfs/snapshots`).mtimeMs
  await collected()
  const before = [next(), changed()]
  await act()
  const after = [next(), changed()]
  return before.join() === after.join() ? E.right(undefined) : E.left('a view was made')
}
