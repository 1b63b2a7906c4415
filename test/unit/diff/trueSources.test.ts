import { changesOf } from '../../../src/core/diff/changesOf'
import { Json } from '../../../src/core/domain/Json'

const PLACE = '/run/containerd-driver/c/mounts/0123456789ab'

const document = (source: string, mount: object = {}): Json => (({
  version: 1,
  spec: { ociVersion: '1.0.2', mounts: [{ destination: '/x', type: 'bind', source: PLACE, options: ['rbind', 'ro'], ...mount }] },
  mounts: [{ _tag: 'File', path: '/f', text: 't' }, { _tag: 'Pin', path: PLACE, source, kind: 'directory', recursive: true, because: 'shown at /x' }],
  inspection: { below: '/alloc', paths: [source], streams: [] }
}))

const told = (before: Json, after: Json): ReadonlyArray<unknown> => changesOf(before, after).map(({ key, verdict, before: was, after: is }) => [key, verdict, was, is])

it('another source behind a pin is another source of the mount', () => {
  expect(told(document('/alloc/data/a'), document('/alloc/data/b'))).toMatchObject([['/spec/mounts/~1x', 'weakens', { source: '/alloc/data/a' }, { source: '/alloc/data/b' }]])
})

it('a source that is pinned now shows the same', () => {
  const bare = { ...document('/srv/a', { source: '/srv/a' }) as object, mounts: [{ _tag: 'File', path: '/f', text: 't' }], inspection: {} } as unknown as Json
  expect(told(bare, document('/srv/a'))).toEqual([])
  expect(told(document('/srv/a'), bare)).toEqual([])
})

it('a pin that no mount names is no change of what is shown', () => {
  const other = { _tag: 'Pin', path: '/elsewhere', source: '/srv' }
  const more = { ...document('/srv/a') as object, mounts: [...(document('/srv/a') as { mounts: ReadonlyArray<Json> }).mounts, other] } as unknown as Json
  expect(told(document('/srv/a'), more)).toEqual([])
})

it('what is made beside pins is compared as before', () => {
  const other = { ...document('/srv/a') as object, mounts: [{ _tag: 'File', path: '/f', text: 'u' }, ...(document('/srv/a') as { mounts: ReadonlyArray<Json> }).mounts.slice(1)] } as unknown as Json
  expect(told(document('/srv/a'), other).length).toBe(1)
})
