import { ALL, ALL_CAPABILITIES, capability, expanded } from '../../../src/core/domain/capabilities'
import { isIdentifier } from '../../../src/core/domain/identifier'
import { reservedFor } from '../../../src/core/domain/labels'

it.each([
  ['a', true], ['web-1.2_3', true], ['', false], ['-a', false], ['a-', false], ['a--b', false], ['a/b', false], ['a b', false],
  ['a'.repeat(76), true], ['a'.repeat(77), false]
])('containerd takes %j as an identifier: %s', (text, takes) => { expect(isIdentifier(text)).toBe(takes) })

it.each([
  ['containerd.io', 'containerd.io'], ['containerd.io/x', 'containerd.io'], ['containerd.io.x', 'containerd.io'], ['a.containerd.io/x', 'containerd.io'],
  ['containerd.iox', undefined], ['acontainerd.io/x', undefined], ['a.containerd.io', undefined], ['team', undefined], ['moby', 'moby']
])('the label %j lies in %j', (name, space) => { expect(reservedFor(name)).toBe(space) })

it.each([
  ['CAP_CHOWN', 'CAP_CHOWN'], ['chown', 'CAP_CHOWN'], ['Cap_Chown', 'CAP_CHOWN'], ['all', 'ALL'], ['CAP_ALL', 'ALL'], ['cap_all', 'ALL'], ['*', 'ALL'], ['CAP_*', undefined],
  ['CAP_CAP_CHOWN', undefined], ['', undefined], ['FLY', undefined]
])('the capability %j is %j', (written, name) => { expect(capability(written)).toBe(name) })

it('a list of capabilities keeps its names, and ALL stands for every one', () => {
  expect(expanded(['CAP_CHOWN', 'CAP_KILL'], () => ALL_CAPABILITIES)).toEqual(['CAP_CHOWN', 'CAP_KILL'])
  expect(expanded(['CAP_CHOWN', ALL], () => ['CAP_BPF'])).toEqual(['CAP_BPF'])
})
