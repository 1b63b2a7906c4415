import { monitorEventLoopDelay } from 'node:perf_hooks'

import { planFetch } from '../../src/core/plan/plans'
import * as explain from '../../src/core/report/explain'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { machine } from '../../src/effects/machine'
import { execute } from '../../src/effects/ports/execute'
import { systemClock } from '../../src/effects/ports/systemClock'
import { PrivateContainerd, startContainerd } from '../system/harness/containerd'
import { digestOf, Hostile, hostile, INDEX, layer, MANIFEST } from './harness/hostile'

let daemon: PrivateContainerd
let containerd: Containerd
let registry: Hostile

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  registry = await hostile()
}, 60_000)

afterAll(async () => {
  await registry.stop()
  containerd.close()
  await daemon.stop()
})

const LIMITS = { maxLayers: 128, maxBytes: 2 ** 35, maxUnpackedBytes: 2 ** 37, parallelDownloads: 6, parallelUnpacks: 6 }
const MOST_MS = 1000
const MANIFEST_BYTES = 4 * 1024 * 1024
const CONFIG_BYTES = 8 * 1024 * 1024

/** Fetches `team/app:1`: its end in words, and the longest that nothing else could be done meanwhile. */
const fetched = async (): Promise<{ readonly said: string; readonly blockedMs: number }> => {
  const name = `${registry.host}/team/app:1`
  const plan = planFetch({ owner: 'attack', name, platform: '', snapshotter: 'overlayfs', hosts: '', silenceMs: 60_000, timeoutMs: 60_000 }, LIMITS, 'always')
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  const said = explain.report(await execute({ machine: machine(containerd), clock: systemClock }, plan, { signal: AbortSignal.timeout(60_000) }))
  await new Promise((resolve) => { setTimeout(resolve, 50) })
  delay.disable()
  return { said, blockedMs: delay.max / 1e6 }
}

/** As many of an item as fit between the two ends of a document. */
const filled = (start: string, item: string, end: string, bytes: number): Buffer =>
  Buffer.from(`${start}${`${item},`.repeat(Math.floor((bytes - start.length - end.length) / (item.length + 1)) - 1)}${item}${end}`)

const MANIFEST_START = `{"schemaVersion":2,"config":{"mediaType":"a","digest":"${digestOf('x')}","size":1},"layers":[`

describe('no document of an image or a registry stops the plugin for a second (W6)', () => {
  it.each<readonly [string, string, () => Buffer]>([
    ['a manifest of a million layers that are none', MANIFEST, () => filled(MANIFEST_START, '{}', ']}', MANIFEST_BYTES)],
    ['a manifest of two million numbers', MANIFEST, () => filled(MANIFEST_START, '0', ']}', MANIFEST_BYTES)],
    ['an index of a million images that are none', INDEX, () => filled('{"manifests":[', '{}', ']}', MANIFEST_BYTES)],
    ['a manifest of four million brackets', MANIFEST, () => Buffer.alloc(MANIFEST_BYTES, '[')]
  ])('%s', async (_what, type, body) => {
    registry.manifests.set('1', { type, body: body() })
    const { said, blockedMs } = await fetched()
    expect(said).toMatch(/more than 250000 values|nested deeper than 64 levels/)
    expect(blockedMs).toBeLessThan(MOST_MS)
  }, 60_000)

  it.each<readonly [string, () => Buffer]>([
    ['a config of four million diff ids', () => filled('{"rootfs":{"diff_ids":[', '0', ']}}', CONFIG_BYTES)],
    ['a config of four million variables', () => filled('{"rootfs":{"diff_ids":[]},"config":{"Env":[', '0', ']}}', CONFIG_BYTES)],
    ['a config of eight million brackets', () => Buffer.alloc(CONFIG_BYTES, '[')],
    ['a config of as many wrong diff ids as are read at all', () => filled('{"rootfs":{"diff_ids":[', '0', ']}}', 480_000)]
  ])('%s', async (_what, config) => {
    const body = Buffer.from(JSON.stringify({ schemaVersion: 2, config: layer(registry, config()), layers: [] }))
    registry.manifests.set('1', { type: MANIFEST, body })
    const { said, blockedMs } = await fetched()
    expect(said).toMatch(/more than 250000 values|nested deeper than 64 levels|diff_ids\.0 is 0, which is not a digest/)
    expect(blockedMs).toBeLessThan(MOST_MS)
  }, 60_000)
})
