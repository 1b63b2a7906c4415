import { hostIdOf, mappingsOf } from '../../../src/core/domain/idMappings'
import { parse as dnsOf, resolvConf } from '../../../src/core/resolve/resolvConf'
import { labelsOf } from '../../../src/core/resolve/selinux'
import { extraHost } from '../../../src/core/value/HostLine'
import { isAddress } from '../../../src/core/value/isAddress'
import { parse as selinuxOf } from '../../../src/core/value/SelinuxOption'
import { parse as ulimitOf } from '../../../src/core/value/Ulimit'

const EIGHT = '1:2:3:4:5:6:7:8'

it.each([
  ['10.0.0.1', true], ['255.255.255.255', true], ['256.0.0.1', false], ['1.2.3', false], ['1.2.3.4.5', false], ['', false], ['::', true], ['::1', true], ['1::', true], [EIGHT, true],
  ['1:2:3:4:5:6:7', false], [`${EIGHT}:9`, false], ['1::2::3', false], ['1:2:3::4:5:6::7:8', false], [':::', false], ['1:2:3:4:5:6:7::', true], [`${EIGHT}::`, false], ['g::1', false], ['1:g::', false], ['12345::', false],
  ['::ffff:10.0.0.1', true], ['::ffff:10.0.0.256', false], ['::10.0.0.1:1', false], ['10.0.0.1::', true], ['1:2:3:4:5:6:10.0.0.1', true], ['1:2:3:4:5:6:7:10.0.0.1', false], ['a.b::10.0.0.1', false],
  ['fe80::1%eth0', true], ['fe80::1%', false], ['fe80::1%a b', false], ['fe80::1%a/', false], ['fe80::1%/a', false], ['fe80::1%a%b', false], ['%eth0', false], ['x%eth0', false], ['1.2.3.4%eth0', false]
])('%j is an address: %s', (text, is) => { expect(isAddress(text)).toBe(is) })

it.each<readonly [string, object | undefined]>([
  ['db:10.0.0.1', { name: 'db', address: '10.0.0.1' }], ['db:::1', { name: 'db', address: '::1' }], ['db:[::1]', { name: 'db', address: '::1' }], ['db:x[::1]', undefined], ['db:[::1]x', undefined],
  ['db', undefined], [':10.0.0.1', undefined], ['a b:10.0.0.1', undefined], ['a :10.0.0.1', undefined], [' a:10.0.0.1', undefined], ['a#:10.0.0.1', undefined], ['#a:10.0.0.1', undefined], ['db:', undefined]
])('%j is the line %j of /etc/hosts', (text, line) => { expect(extraHost(text)).toEqual(line) })

it('a resolv.conf is read as the resolver reads it, and written one line to a server', () => {
  const text = '  nameserver   10.0.0.1 rest\nnameserver\nsearch a\nsearch  b\tc\n\toptions x\noptions y z\nother 1\n'
  expect(dnsOf(text)).toEqual({ servers: ['10.0.0.1'], searches: ['b', 'c'], options: ['x', 'y', 'z'] })
  expect(dnsOf('')).toEqual({ servers: [], searches: [], options: [] })
  expect(resolvConf({ servers: ['1', '2'], searches: ['.', 'a', 'b'], options: ['x', 'y'] })).toBe('# made by containerd-driver\nnameserver 1\nnameserver 2\nsearch a b\noptions x y\n')
  expect(resolvConf({ servers: [], searches: ['.'], options: [] })).toBe('# made by containerd-driver\n')
})

const MAX = 4_294_967_294

it.each<readonly [string, ReadonlyArray<readonly [number, number, number]> | undefined]>([
  ['0:1:2', [[0, 1, 2]]], ['0:10:5,5:20:5', [[0, 10, 5], [5, 20, 5]]], ['5:10:5,0:20:5', [[5, 10, 5], [0, 20, 5]]], ['5:10:5,0:20:6', undefined], ['0:10:5,4:20:5', undefined], ['0:10:5,5:14:5', undefined],
  ['0:20:5,5:10:10', [[0, 20, 5], [5, 10, 10]]], ['0:20:5,5:10:11', undefined],
  ['0:1:0', undefined], [`${MAX}:0:1`, [[MAX, 0, 1]]], [`${MAX}:0:2`, undefined], [`${MAX + 1}:0:1`, undefined], [`0:${MAX}:1`, [[0, MAX, 1]]], [`0:${MAX}:2`, undefined], [`0:0:${MAX + 1}`, [[0, 0, MAX + 1]]], [`0:0:${MAX + 2}`, undefined],
  ['', undefined], ['0:1', undefined], ['x0:1:2', undefined], ['0:1:2x', undefined], ['0:1:2,', undefined], ['0:1:2:3', undefined], ['0:1:12345678901', undefined], ['x', undefined], ['0:1:2,x', undefined]
])('%j maps %j', (text, ranges) => {
  expect(mappingsOf(text)).toEqual(ranges?.map(([containerID, hostID, size]) => ({ containerID, hostID, size })))
})

it('an id is mapped by the range that it lies in', () => {
  const ranges = mappingsOf('0:100:2,5:10:1') ?? []
  expect([0, 1, 2, 4, 5, 6].map((id) => hostIdOf(ranges, id))).toEqual([100, 101, undefined, undefined, 10, undefined])
})

it.each<readonly [string, object | undefined]>([
  ['1', { soft: 1, hard: 1 }], ['1:2', { soft: 1, hard: 2 }], ['2:1', undefined], ['2:2', { soft: 2, hard: 2 }], ['-1', { soft: -1, hard: -1 }], ['5:unlimited', { soft: 5, hard: -1 }], ['-1:5', undefined],
  ['', undefined], [':1', undefined], ['1:', undefined], ['1:2:3', undefined], ['x1', undefined], ['1x', undefined], ['1:x', undefined], ['x:1', undefined], ['9007199254740991', { soft: 2 ** 53 - 1, hard: 2 ** 53 - 1 }],
  ['9007199254740992', undefined], ['12345678901234567', undefined], ['-2', undefined]
])('the limit %j is %j', (text, limit) => { expect(ulimitOf(text)).toEqual(limit) })

it.each<readonly [string, object | undefined]>([
  ['disable', { part: 'disable', value: '' }], ['label=disable', { part: 'disable', value: '' }], ['label:type:spc_t', { part: 'type', value: 'spc_t' }], ['level:s0:c1,c2', { part: 'level', value: 's0:c1,c2' }],
  ['type:', undefined], ['other:x', undefined], ['', undefined], ['type:a b', undefined], ['xtype:a', undefined], ['disablex', undefined]
])('the SELinux option %j is %j', (option, chosen) => { expect(selinuxOf(option)).toEqual(chosen) })

const labels = (...options: ReadonlyArray<string>): unknown => labelsOf(options.map((option) => selinuxOf(option)!))

it('an SELinux label has container-selinux\'s words for what is left out, the last word counts', () => {
  expect(labels()).toBeUndefined()
  expect(labels('type:a', 'disable')).toBeUndefined()
  expect(labels('user:u')).toEqual({ process: 'u:system_r:container_t:s0', mount: 'u:object_r:container_file_t:s0' })
  expect(labels('type:a', 'type:b', 'level:s0:c1', 'role:r', 'filetype:f')).toEqual({ process: 'system_u:r:b:s0:c1', mount: 'system_u:object_r:f:s0:c1' })
})
