import { compact } from '../../../src/core/domain/canonical'
import { Attachment } from '../../../src/core/domain/Cni'
import { NAMESPACE, NETWORK } from '../../../src/core/domain/labels'
import { labelled } from '../../../src/core/domain/longLabel'
import { standsOn } from '../../../src/core/plan/standsOn'
import { undosOfRecord } from '../../../src/core/plan/undosOfRecord'

const ATTACHMENT: Attachment = {
  container: 'c', netns: '/var/run/netns/c', network: 'n', conflist: JSON.stringify({ name: 'n', long: 'x'.repeat(9000) }), path: '/usr/lib/cni', args: {}, capabilities: {},
  record: '/run/containerd-driver/c/network.json'
}
const LEAVE = { _tag: 'LeaveNetwork', ...ATTACHMENT } as const
const REMOVE = { _tag: 'RemoveNamespace', path: '/var/run/netns/c' } as const
const DELETE = { _tag: 'DeleteContainer', container: 'c' } as const

const undosOf = (labels: Readonly<Record<string, string>>): ReturnType<typeof undosOfRecord> =>
  undosOfRecord({ container: 'c', snapshotter: 'overlayfs', key: '', sources: [], labels }, '/run/containerd-driver')

it('a record whose labels name a network leads to it: it is left, then its namespace goes, then the record', () => {
  expect(undosOf(labelled(NETWORK, compact(ATTACHMENT))).slice(2)).toEqual([LEAVE, REMOVE, DELETE])
})

it('a record whose label names a shared namespace leads to the file of it', () => {
  expect(undosOf({ [NAMESPACE]: '/var/run/netns/c' }).slice(2)).toEqual([REMOVE, DELETE])
})

it.each([{}, { [NETWORK]: 'no JSON' }, { [NETWORK]: '{"container":"c"}' }])('a record with the labels %j leads to none', (labels) => {
  expect(undosOf(labels).slice(2)).toEqual([DELETE])
})

it('what could not be left keeps its namespace and its record, and a namespace the record', () => {
  expect([REMOVE, DELETE].map((undo) => standsOn(LEAVE, undo))).toEqual([true, true])
  expect([LEAVE, DELETE].map((undo) => standsOn(REMOVE, undo))).toEqual([false, true])
})
