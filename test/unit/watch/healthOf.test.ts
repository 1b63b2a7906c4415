import { Health, healthOf, Sight } from '../../../src/core/watch/healthOf'

const silent: Sight = { _tag: 'Silent', address: '/run/c.sock', detail: 'ENOENT' }
const description = 'containerd does not answer at /run/c.sock (ENOENT); start it, or set the plugin option `address`'

it.each<readonly [string, Sight, boolean, Health]>([
  ['switched off', { _tag: 'Disabled' }, true, { state: 'undetected', description: 'disabled by the plugin option `enabled`', attributes: {} }],
  ['never seen', silent, false, { state: 'undetected', description, attributes: {} }],
  ['gone since', silent, true, { state: 'unhealthy', description, attributes: {} }],
  ['there', { _tag: 'Answers', version: 'v2.1.0', revision: 'abc' }, false, {
    state: 'healthy', description: 'Healthy',
    attributes: {
      'driver.containerd-driver': true, 'driver.containerd-driver.containerd_version': 'v2.1.0', 'driver.containerd-driver.containerd_revision': 'abc'
    }
  }]
])('containerd %s', (_what, sight, seenBefore, health) => { expect(healthOf(sight, seenBefore)).toEqual(health) })
