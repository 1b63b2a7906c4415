import { Json } from '../../../src/core/domain/Json'
import { changesOf } from '../../../src/core/judge/changesOf'

const PLACE = '/run/containerd-driver/c/mounts/0123456789ab'

const PIN = `/mounts/${PLACE.replaceAll('/', '~1')}`

const document = (source: string, mount: object = {}): Json => (({
  version: 1,
  spec: { ociVersion: '1.0.2', mounts: [{ destination: '/x', type: 'bind', source: PLACE, options: ['rbind', 'ro'], ...mount }] },
  mounts: [{ _tag: 'File', path: '/f', text: 't' }, { _tag: 'Pin', path: PLACE, source, kind: 'directory', recursive: true, because: 'shown at /x' }],
  inspection: { below: '/alloc', paths: [source], streams: [] }
}))

it('another source behind a pin is another source of the mount', () => {
  const changes = changesOf(document('/alloc/data/a'), document('/alloc/data/b'))
  expect(changes.map(({ key, verdict }) => [key, verdict])).toEqual([['/inspection/paths', 'neutral'], [PIN, 'neutral'], ['/spec/mounts/~1x', 'weakens']])
  expect(changes.at(-1)).toMatchObject({ before: { source: '/alloc/data/a' }, after: { source: '/alloc/data/b' } })
})

it('a source that is pinned now shows the same', () => {
  const { inspection: _looked, ...same } = document('/srv/a', { source: '/srv/a' }) as unknown as Readonly<Record<string, Json>>
  const bare: Json = { ...same, mounts: [{ _tag: 'File', path: '/f', text: 't' }] }
  for (const [before, after] of [[bare, document('/srv/a')], [document('/srv/a'), bare]] as const) {
    expect(changesOf(before, after).map(({ key, verdict }) => [key, verdict])).toEqual([
      ...['below', 'paths', 'streams'].map((name) => [`/inspection/${name}`, 'neutral']), [PIN, 'neutral']
    ])
  }
})

it('a pin that no mount names shows nothing', () => {
  const given = document('/srv/a') as unknown as Readonly<Record<string, ReadonlyArray<Json>>>
  const more: Json = { ...given, mounts: [...(given['mounts'] ?? []), { _tag: 'Pin', path: '/elsewhere', source: '/srv' }] }
  expect(changesOf(given, more).map(({ key, verdict }) => [key, verdict])).toEqual([['/mounts/~1elsewhere', 'neutral']])
})
