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
  }],
  ['with a runc that lacks fixes', { _tag: 'Answers', version: 'v2', revision: 'r', runc: '1.3.5' }, true, {
    state: 'healthy', description: 'Healthy',
    attributes: {
      'driver.containerd-driver': true, 'driver.containerd-driver.containerd_version': 'v2', 'driver.containerd-driver.containerd_revision': 'r',
      'driver.containerd-driver.runc_version': '1.3.5', 'driver.containerd-driver.runc_missing_fixes': 'CVE-2026-41579'
    }
  }],
  ['with one that lacks none', { _tag: 'Answers', version: 'v2', revision: 'r', runc: '1.5.0' }, true, {
    state: 'healthy', description: 'Healthy',
    attributes: {
      'driver.containerd-driver': true, 'driver.containerd-driver.containerd_version': 'v2', 'driver.containerd-driver.containerd_revision': 'r',
      'driver.containerd-driver.runc_version': '1.5.0'
    }
  }]
])('containerd %s', (_what, sight, seenBefore, health) => { expect(healthOf(sight, seenBefore)).toEqual(health) })
