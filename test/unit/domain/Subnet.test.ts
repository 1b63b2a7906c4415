import { overlap, Subnet, subnetOf } from '../../../src/core/domain/Subnet'

const ranges = (...texts: ReadonlyArray<string>): ReadonlyArray<Subnet> => texts.map((text) => {
  const subnet = subnetOf(text)
  if (subnet === undefined) throw new Error(`${text} is no range`)
  return subnet
})

it.each<[string, Subnet]>([
  ['10.0.0.0/8', { family: 'v4', bits: '00001010' }],
  ['0.0.0.0/0', { family: 'v4', bits: '' }],
  ['10.0.0.7/32', { family: 'v4', bits: '00001010000000000000000000000111' }],
  ['::/0', { family: 'v6', bits: '' }],
  ['fd00::/8', { family: 'v6', bits: '11111101' }],
  ['0000:0000:0000:0000:0000:0000:0000:0001/128', { family: 'v6', bits: '1'.padStart(128, '0') }],
  ['::1:2/128', { family: 'v6', bits: '10000000000000010'.padStart(128, '0') }]
])('%s is a range', (text, subnet) => { expect(subnetOf(text)).toEqual(subnet) })

it.each([
  '', '10.0.0.0', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/08', '10.0.0/8', '10.0.0.0.0/8', '256.0.0.0/8', '10.0.0.1/8', '10.0.0.0/8/8', '010.0.0.0/8',
  'fd00::/129', 'fd00::1/64', 'fd00/8', '1:2:3:4:5:6:7:8:9/128', '1:2:3:4:5:6:7::8/128', '::1::/128', 'fd0g::/16', '12345::/16', ':/0', '-1.0.0.0/8'
])('%j is none', (text) => { expect(subnetOf(text)).toBeUndefined() })

it.each<[string, string, boolean]>([
  ['10.0.0.0/8', '10.255.0.0/16', true], ['10.0.0.0/9', '10.128.0.0/9', false], ['10.0.0.0/24', '10.0.1.0/24', false], ['0.0.0.0/0', '10.0.0.0/8', true],
  ['10.0.0.0/24', '10.0.0.0/24', true], ['fd00::/64', 'fd00:0:0:1::/64', false], ['fd00::/48', 'fd00:0:0:1::/64', true], ['::/0', '0.0.0.0/0', false]
])('%s and %s have an address in common: %s', (a, b, is) => {
  const [one, other] = ranges(a, b) as [Subnet, Subnet]
  expect([overlap(one, other), overlap(other, one)]).toEqual([is, is])
})
