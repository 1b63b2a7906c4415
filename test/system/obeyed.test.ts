import * as E from 'fp-ts/Either'

import { compact } from '../../src/core/domain/canonical'
import { digestOf } from '../../src/core/domain/digest'
import { OWNER } from '../../src/core/domain/labels'
import { Outputs } from '../../src/core/plan/Output'
import { Act, Do } from '../../src/core/plan/Step'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import * as containers from '../../src/effects/containerd/containers'
import * as snapshots from '../../src/effects/containerd/snapshots'
import { machine } from '../../src/effects/machine'
import { Materials } from '../../src/effects/ports/Machine'
import { systemClock } from '../../src/effects/ports/systemClock'
import { changesOf, Other } from '../laws/acts'
import { IMAGE, importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { ask } from './harness/plugin'
import { right } from './harness/right'

let daemon: PrivateContainerd
let containerd: Containerd

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
}, 60_000)

afterAll(async () => {
  containerd.close()
  await daemon.stop()
})

const ME = 'me'
const SPEC = { ociVersion: '1.0.2', process: { args: ['true'] }, mounts: [] }
const MATERIALS = { compiled: { spec: SPEC, mounts: [] } } as unknown as Materials

const perform = (act: Do, outputs: Outputs = {}): Promise<E.Either<unknown, unknown>> =>
  machine(containerd).perform(act, { owner: ME, materials: MATERIALS, outputs, signal: new AbortController().signal })()

/** What can be seen in containerd of what acts make, with what the act answered; all of it is gone afterwards. */
const seen = async (act: Do): Promise<string> => {
  const answer = await perform(act)
  const { leases } = await ask<{ leases: Array<{ id: string; labels: object }> }>((done) =>
    containerd.leases.list({ filters: [] }, containerd.headers(), done))
  const records = right(await containers.labelled(containerd, OWNER)())
  const keys = ['overlayfs k', 'overlayfs k-other', 'native k'].map((one) => one.split(' ') as [string, string])
  const infos = await Promise.all(keys.map(async ([snapshotter, key]) => right(await snapshots.stat(containerd, { snapshotter, key })())))
  const found = infos.map((info) => info && { name: info.name, parent: info.parent, labels: info.labels })
  const text = JSON.stringify([answer, leases, records, found])
  for (const { id } of leases) right(await machine(containerd).revert({ _tag: 'DropLease', lease: id }, { owner: ME, signal: new AbortController().signal })())
  for (const { id } of records) right(await containers.removeOwn(containerd, id, { owner: ME, clock: systemClock })())
  for (const [snapshotter, key] of keys) right(await snapshots.remove(containerd, { snapshotter, key })())
  return text
}

/** The expiry of a lease has the time of day in it: it is an hour apart, so that a second does not matter. */
const minutes = (text: string): string => text.replace(/(T\d\d:\d\d):\d\dZ/g, '$1')

const changes = <Tag extends Do['_tag']>(
  act: Act<Tag>, others: Other<Tag> = {}
): ReadonlyArray<readonly [string, string, Do, Do]> =>
  changesOf(act, others).map(([name, other]) => [act._tag, name, act, other])

const record: Act<'CreateContainer'> = {
  _tag: 'CreateContainer', container: 'c', labels: { [OWNER]: ME }, image: IMAGE, runtime: 'io.containerd.runc.v2',
  options: { _tag: 'None' }, snapshotter: 'overlayfs', key: 'k', spec: digestOf(compact(SPEC))
}

it.each([
  ...changes<'HoldLease'>({ _tag: 'HoldLease', lease: 'a', expiresInSeconds: 60 }, { expiresInSeconds: 7200 }),
  ...changes<'PrepareSnapshot'>({ _tag: 'PrepareSnapshot', snapshotter: 'overlayfs', key: 'k', parent: '', ids: '' }, { snapshotter: 'native', ids: '0:1000:10' }),
  ...changes<'CreateContainer'>(record, { options: { _tag: 'Runc', ioUid: 1, ioGid: 2 }, snapshotter: 'native' })
])('%s with another %s is another outcome in containerd', async (_tag, _name, act, other) => {
  const [said, otherSaid] = [minutes(await seen(act)), minutes(await seen(other))]
  expect(otherSaid).not.toBe(said)
})

it('a record that is there counts only when it is what the act says', async () => {
  expect(E.isRight(await perform(record))).toBe(true)
  expect(E.isRight(await perform(record))).toBe(true)
  expect(await perform({ ...record, image: 'docker.io/library/other:1' })).toMatchObject({ left: { _tag: 'AlreadyExists' } })
  expect(await perform({ ...record, labels: { [OWNER]: 'another' } })).toMatchObject({ left: { _tag: 'Invalid' } })
  right(await containers.removeOwn(containerd, record.container, { owner: ME, clock: systemClock })())
})

it('what an act leaves to a step before it is refused without that step', async () => {
  const act: Do = { _tag: 'CreateTask', container: 'c', rootfs: 'PrepareSnapshot:c', stdout: '', stderr: '', terminal: false }
  expect(await perform(act)).toMatchObject({ left: { _tag: 'Invalid', detail: 'step PrepareSnapshot:c has answered no mounts' } })
})
