import * as E from 'fp-ts/Either'

import { pathText } from '../../../src/core/domain/DocumentPath'
import { ImageFacts, PlaceFacts } from '../../../src/core/facts/Facts'
import { empty } from '../../../src/core/image/ImageConfig'
import { placesHeld, placesOf } from '../../../src/core/resolve/places'
import { runcNotices } from '../../../src/core/resolve/runcNotices'
import { requestOf } from '../../../src/testing/facts'

type Some = Readonly<Record<string, unknown>>

const request = (task: Some = {}, plugin: Some = {}): ReturnType<typeof requestOf> => requestOf({
  task: { image: 'busybox:1', command: 'true', ...task }, plugin: { containerd_runtime: 'io.containerd.runc.v2', ...plugin },
  allocation: { id: 'i', name: 'web', allocDir: '/data/alloc/a' }
})

const NO_EDITS = { mounts: [] }

const held = (places: Readonly<Record<string, PlaceFacts>> | undefined, task: Some = {}): ReadonlyArray<string> => {
  const image: ImageFacts = { digest: '', chainId: '', config: empty, passwd: '', group: '', ...(places === undefined ? {} : { places }) }
  const outcome = placesHeld(request(task), { name: 'i', ...image }, NO_EDITS, [])
  return E.isRight(outcome) ? [] : outcome.left.map(({ at, reason }) => `${pathText(at)}: ${reason}`)
}

const at = (kind: PlaceFacts['kind'], realPath: string): PlaceFacts => ({ kind, realPath })

it('the places asked for are clean, sorted and each once; the root is none', () => {
  expect(placesOf(request({ tmpfs: ['/z//', '/a/../run'], cwd: '/' }), { mounts: [{ source: '', destination: '/c/', type: '', options: [] }] }))
    .toEqual(['/alloc', '/alloc/logs', '/c', '/dev', '/etc/hosts', '/etc/resolv.conf', '/local', '/proc', '/run', '/secrets', '/sys', '/z'])
})

it('of a place that nobody looked at nothing is said', () => {
  expect([held(undefined), held({}), held({ '/elsewhere': at('above', '/') })]).toEqual([[], [], []])
})

it.each<readonly [string, PlaceFacts, ReadonlyArray<string>]>([
  ['a directory', at('directory', '/dev'), []], ['nothing', at('absent', '/dev'), []],
  ['a file', at('file', '/dev'), ['task.image: /dev of the image is no directory: the runtime would make its files wherever it leads']],
  ['a device', at('other', '/dev'), ['task.image: /dev of the image is no directory: the runtime would make its files wherever it leads']],
  ['a link to a directory', at('directory', '/devices'), ['task.image: /dev of the image is a link, which leads to /devices: the runtime would make its files wherever it leads']],
  ['a link to nothing', at('absent', '/devices'), ['task.image: /dev of the image is a link, which leads to /devices: the runtime would make its files wherever it leads']],
  ['a link that climbs and comes back', at('above', '/dev'), ['task.image: /dev of the image is no directory: the runtime would make its files wherever it leads']]
])('/dev may be a directory or nothing: %s', (_what, place, reasons) => { expect(held({ '/dev': place })).toEqual(reasons) })

it.each<readonly [PlaceFacts, boolean]>([
  [at('directory', '/t'), false], [at('absent', '/run/t'), false], [at('file', '/etc/t'), false], [at('directory', '/sys/fs'), false], [at('directory', '/procs'), false],
  [at('directory', '/dev/shm'), false], [at('above', '/t'), true], [at('loop', '/'), true], [at('directory', '/'), true], [at('directory', '/dev'), true],
  [at('directory', '/sys'), true], [at('directory', '/proc'), true], [at('absent', '/proc/self/fd/7'), true]
])('a mount that leads to %j is refused: %s', (place, isRefused) => {
  expect(held({ '/t': place }, { tmpfs: ['/t/'] }).map((text) => text.split(':')[0])).toEqual(isRefused ? ['task.tmpfs[0]'] : [])
})

describe('what is said of the host\'s runc', () => {
  const told = (runc: string | undefined, task: Some = {}, plugin: Some = {}): ReadonlyArray<string> =>
    runcNotices(request(task, plugin), runc === undefined ? {} : { runc }).map(({ at: where, text }) => `${pathText(where)} ${text}`)

  it('names the vulnerability, the version and the one that is needed', () => {
    expect(told('1.3.5')).toEqual(["facts.host.runc the host's runc is 1.3.5; CVE-2026-41579 is fixed in 1.3.6, 1.4.3, 1.5.0, unless its distribution did so before"])
    expect(told('1.5.0')).toEqual([])
  })

  it('is a word about the domain name before 1.2.0, in a namespace of users', () => {
    expect(told('1.1.5', { domainname: 'a.b', userns: '0:1:2' })[0]).toBe("task.domainname the host's runc is 1.1.5 and sets no domain name in a namespace of users; 1.2.0 is the first that does")
    expect([told('1.2.0', { domainname: 'a.b', userns: '0:1:2' }), told('1.1.5', { domainname: 'a.b' })].flat().some((text) => text.startsWith('task.domainname'))).toBe(false)
  })

  it('is nothing where the version is not known, or the runtime is another', () => {
    expect([told(undefined, { domainname: 'a.b' }), told('crun 1', { domainname: 'a.b' }), told('1.0.0', {}, { containerd_runtime: 'io.containerd.runsc.v1' })]).toEqual([[], [], []])
    expect(runcNotices(request(), undefined)).toEqual([])
  })
})
