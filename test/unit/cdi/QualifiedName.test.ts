import * as _ from '../../../src/core/cdi/QualifiedName'

it.each(['nvidia.com/gpu=0', 'nvidia.com/gpu=all', 'a/b=c', 'vendor.com/class.v2=1:0', 'my_vendor/net-card=eth0', `v.com/${'c'.repeat(63)}=d`])(
  '%s is a full name', (text) => { expect(_.isQualified(text)).toBe(true) })

it.each([
  '', '=', '/dev/nvidia0', '/dev/a=b', 'gpu', 'gpu=0', 'nvidia.com/gpu', 'nvidia.com/gpu=', '/gpu=0', 'nvidia.com/=0', 'nvidia.com/gpu=0=1', 'a/b/c=d',
  '1a/b=c', 'a/1b=c', 'a-/b=c', 'a/b=-c', 'a/b=c:', 'a b/c=d', 'a/b=ä', 'a/b=c\n', `v.com/${'c'.repeat(64)}=d`, `${'v'.repeat(254)}/c=d`
])('%j is none', (text) => { expect(_.isQualified(text)).toBe(false) })

it('a full name has a kind and a device', () => {
  expect(_.parse('nvidia.com/gpu=0:1')).toEqual({ kind: 'nvidia.com/gpu', device: '0:1' })
})
