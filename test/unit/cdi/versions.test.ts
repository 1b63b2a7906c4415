import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { decode } from '../../../src/core/cdi/CdiSpec'
import { editsOf } from '../../../src/core/cdi/editsOf'
import { optional, text } from '../../../src/core/cdi/leaves'
import { mistakeOf } from '../../../src/core/cdi/Mistake'
import { gpus } from './documents'

const FILE = '/etc/cdi/v.json'

const told = (document: unknown): ReadonlyArray<string> => {
  const outcome = decode(document, FILE)
  return E.isLeft(outcome) ? outcome.left.map(({ at, reason }) => `${at.slice(FILE.length + 1)}: ${reason}`) : []
}

const named = (...names: ReadonlyArray<string>): object => ({ devices: names.map((name) => ({ name, containerEdits: { env: ['A=b'] } })) })
const edits = (containerEdits: object): object => ({ devices: [{ name: 'a', containerEdits: { env: ['A=b'], ...containerEdits } }] })

it.each<readonly [string, string, object]>([
  ['0.5.0', 'a device name that starts with a digit', named('a', '1')], ['0.5.0', 'hostPath of a device node', edits({ deviceNodes: [{ path: '/dev/a', hostPath: '/dev/b' }] })],
  ['0.4.0', 'type of a mount', edits({ mounts: [{ hostPath: '/a', containerPath: '/b' }, { hostPath: '/a', containerPath: '/c', type: 'bind' }] })]
])('before %s a file may not use %s', (since, what, used) => {
  expect(told({ cdiVersion: '0.3.0', kind: 'v.com/c', ...used })).toEqual([`cdiVersion: must be ${since} or later, because the file uses ${what}`])
  expect(told({ cdiVersion: since, kind: 'v.com/c', ...used })).toEqual([])
})

it.each<readonly [string, object]>([
  ['a digit inside a name', named('a1')], ['an empty hostPath', edits({ deviceNodes: [{ path: '/dev/a', hostPath: '' }, { path: '/dev/b' }] })], ['mounts without a type', edits({ mounts: [{ hostPath: '/a', containerPath: '/b', type: '' }] })],
  ['no nodes and mounts', edits({ deviceNodes: null, mounts: null })]
])('%s is as old as CDI', (_what, used) => { expect(told({ cdiVersion: '0.3.0', kind: 'v.com/c', ...used })).toEqual([]) })

it('a version has at most one `v`, in front', () => {
  expect(told({ ...gpus, cdiVersion: 'v0.5.0' })).toEqual([])
  expect(told({ ...gpus, cdiVersion: '0v.5.0' })).toHaveLength(1)
})

it.each([[0, true], [4_294_967_295, true], [4_294_967_296, false], [-1, false], [1.5, false], ['1', false]])('the major number %j is one: %s', (major, is) => {
  expect(told({ cdiVersion: '0.5.0', kind: 'v.com/c', ...edits({ deviceNodes: [{ path: '/dev/a', major }] }) }).length === 0).toBe(is)
})

it.each([[2_147_483_647, true], [2_147_483_648, false]])('the user id %j is one: %s', (uid, is) => {
  expect(told({ cdiVersion: '0.5.0', kind: 'v.com/c', ...edits({ deviceNodes: [{ path: '/dev/a', uid }] }) }).length === 0).toBe(is)
})

it('a path of the host may be empty, and is absolute otherwise', () => {
  const hostPath = (given: string): ReadonlyArray<string> => told({ cdiVersion: '0.5.0', kind: 'v.com/c', ...edits({ deviceNodes: [{ path: '/dev/a', hostPath: given }] }) })
  expect([hostPath(''), hostPath('/dev/b'), hostPath('dev/b')]).toEqual([[], [], ['devices[0].containerEdits.deviceNodes[0].hostPath: must be an absolute path']])
})

it('what a file leaves out is not there, not even without a value', () => {
  const outcome = decode({ cdiVersion: '0.5.0', kind: 'v.com/c', ...edits({ deviceNodes: [{ path: '/dev/a' }], hooks: [{ hookName: 'poststop', path: '/x' }], mounts: [{ hostPath: '/a', containerPath: '/b' }] }) }, FILE)
  const made = E.isRight(outcome) ? outcome.right.devices[0]?.edits : undefined
  expect(made).toStrictEqual({
    env: ['A=b'], devices: [{ path: '/dev/a', hostPath: '/dev/a', permissions: 'rwm' }], hooks: [{ stage: 'poststop', hook: { path: '/x' } }],
    mounts: [{ source: '/a', destination: '/b', type: '', options: [] }], additionalGids: [], unsupported: []
  })
})

it('a name that nobody knows is shown up to 64 letters', () => {
  const shown = (length: number): string => told({ ...gpus, ['x'.repeat(length)]: 1 })[0] ?? ''
  expect([shown(64), shown(65)]).toEqual([`${'x'.repeat(64)}: is no field that this version knows`, `${'x'.repeat(64)}…: is no field that this version knows`])
})

it('a place has indexes in brackets, and an error without a reason tells the shape that is wanted', () => {
  const context = ['', 'a', '10', '1b', 'b1'].map((key) => ({ key, type: t.unknown }))
  expect(mistakeOf({ value: 1, context, message: 'm' }, FILE)).toEqual({ at: `${FILE} a[10].1b.b1`, reason: 'm' })
  expect(mistakeOf({ value: 1, context: [] }, FILE)).toEqual({ at: FILE, reason: 'must be an object' })
  expect([undefined, 'a', 1].map(optional(text).is)).toEqual([true, true, false])
})

it('up to ten devices of a kind are named, in order, and files in the order of their paths', () => {
  const file = (path: string, document: object): { readonly path: string; readonly document: object } => ({ path, document })
  const of = (count: number): object => ({ cdiVersion: '0.5.0', kind: 'v.com/c', ...named(...Array.from({ length: count }, (_, index) => `device${String(count - index).padStart(2, '0')}`)) })
  const hint = (count: number): string => { const outcome = editsOf(['v.com/c=other-thing-altogether'], [file(FILE, of(count))]); return E.isLeft(outcome) ? outcome.left[0].hint ?? '' : '' }
  const ten = Array.from({ length: 10 }, (_, index) => `device${String(index + 1).padStart(2, '0')}`).join(', ')
  expect([hint(10), hint(11)]).toEqual([`it has ${ten}`, `it has ${ten} and 1 more`])
  const broken = editsOf(['v.com/c=a'], ['/etc/cdi/b.json', '/etc/cdi/a.json', '/etc/cdi/c.json'].map((path) => file(path, { kind: 'v.com/c' })))
  expect(E.isLeft(broken) ? [...new Set(broken.left.map(({ reason }) => reason.slice(0, '/etc/cdi/a.json'.length)))] : []).toEqual(['/etc/cdi/a.json', '/etc/cdi/b.json', '/etc/cdi/c.json'])
})
