import * as E from 'fp-ts/Either'

import * as PluginConfig from '../../../src/core/decode/PluginConfig'
import { issuesOf } from '../../../src/core/field/mistake'
import { operator } from '../../../src/core/policy/operator'
import * as explain from '../../../src/core/report/explain'

/** What is wrong with the operator's `gc`, in words; "" for nothing. */
const wrong = (gc: object): string => {
  const decoded = PluginConfig.codec.decode({ containerd_runtime: 'io.containerd.runc.v2', gc })
  return explain.issues(E.isLeft(decoded) ? issuesOf(decoded.left) : operator(decoded.right)).trimEnd()
}

it.each<readonly [object, string]>([
  [{}, ''],
  [{ image: true, image_delay: '24h', container: false, keep: ['docker.io/library/*'], disk_high: 85, disk_low: 80 }, ''],
  [{ disk_high: 85 }, ''],
  [{ disk_high: 85, disk_low: 85 }, ''],
  [{ disk_low: 80 }, 'plugin.gc.disk_high: is required: `disk_low` is how far down from it'],
  [{ disk_high: 80, disk_low: 85 }, 'plugin.gc.disk_low = 85: is above `disk_high = 80`; set it lower']
])('gc %j: %s', (gc, text) => { expect(wrong(gc)).toBe(text) })

it('what is no percent, no duration, or the docker driver\'s block of leftovers is refused with its name', () => {
  expect(wrong({ disk_high: 101 })).toContain('plugin.gc.disk_high')
  expect(wrong({ image_delay: '0s' })).toContain('plugin.gc.image_delay')
  expect(wrong({ dangling_containers: { enabled: false } })).toMatch(/plugin\.gc\.dangling_containers.*`dangling_containers \{ period = "5m" \}`, beside `gc`/)
})

it('is off when left out, but that containers go with their tasks', () => {
  const decoded = PluginConfig.codec.decode({ containerd_runtime: 'io.containerd.runc.v2' })
  expect(E.isRight(decoded) && decoded.right.gc).toEqual({ image: false, image_delay: 180_000, container: true, keep: [], disk_high: undefined, disk_low: undefined })
})
