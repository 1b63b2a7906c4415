import * as fc from 'fast-check'

import { clean } from '../core/domain/path'
import { anyText, Document } from './ofFields'

/** One part of a path: neither empty nor a step up. */
export const part: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('a', 'a-b', 'a.b', 'data', 'etc', 'run', 'dev', 'shm', 'sys', 'b'),
  anyText.map((text) => text.replaceAll('/', '')).filter((text) => text !== '' && text !== '.' && text !== '..')
)

const join = (parts: ReadonlyArray<string>): string => `/${parts.join('/')}`

/** Absolute paths other than `/`, some written with `.`, `..` and slashes too many. */
export const absolute: fc.Arbitrary<string> = fc.oneof(
  fc.array(part, { minLength: 1, maxLength: 3 }).map(join),
  fc.tuple(part, part, fc.constantFrom('/./', '//', '/x/../', '/')).map(([a, b, between]) => `/${a}${between}${b}/`)
)

/** Host paths that belong to nobody else: not the host's own, not containerd's, not Nomad's. */
export const hostPath: fc.Arbitrary<string> = absolute.filter(
  (path) => !/^\/(?:proc|sys|dev|run|var)(?:\/|$)/.test(clean(path))
)

/** Where Nomad mounts its own: no mount of a task may stand there. */
export const NOMADS = ['/alloc', '/local', '/secrets']

const TAKEN = [...NOMADS, '/alloc/logs', '/sbin/tini', '/', '/proc', '/dev', '/sys', '/cdi']

const isFree = (path: string): boolean => !clean(path).startsWith('/proc/') && !TAKEN.includes(clean(path))

export const target: fc.Arbitrary<string> = fc.oneof(
  absolute,
  fc.constantFrom('/dev/shm', '/run', '/etc/resolv.conf', '/etc/hosts', '/etc', '/alloc/x', '/run/lock')
).filter(isFree)

const unshared: fc.Arbitrary<unknown> = fc.oneof(
  fc.constant(null),
  fc.constantFrom([], ['ro'], ['rw'], ['rbind', 'ro'], ['bind', 'rslave'], ['noexec', 'ro'], ['rro'], ['defaults'])
)

const options: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: unshared },
  { weight: 1, arbitrary: fc.constant(['rshared']) }
)

const propagating = fc.record({
  options: fc.constantFrom(null, [], ['ro']),
  bind_options: fc.constantFrom({ propagation: 'rslave' }, { propagation: 'shared' })
})

const tmpfsOptions: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  null,
  [],
  ['ro'],
  ['noexec', 'size=1m'],
  ['mode=1777']
)

/** Sources that no task can swap for a link, and those that are pinned. */
const own = fc.constantFrom('local', './secrets/', '../alloc', '../alloc/logs')
const pinned = fc.constantFrom('local/www', './secrets/tls', 'local/../local/x', '../alloc/data')
const relative = fc.oneof(own, pinned)

const bindWords = fc.record({
  readonly: fc.constantFrom(null, false),
  bind_options: fc.constantFrom(null, { propagation: null })
})

const tmpfsWords = fc.record({
  readonly: fc.constantFrom(null, true, false),
  tmpfs_options: fc.constantFrom(null, { size: '64m', mode: 511 }, { size: '1k', mode: null })
})

/** A mount that compiles: a source that suits its type. */
export const mount: fc.Arbitrary<Document> = fc.oneof(
  fc.tuple(fc.record({ type: fc.constant('bind'), target, source: own }), propagating).map(both),
  fc
    .tuple(fc.record({ type: fc.constant('bind'), target, source: fc.oneof(hostPath, own), options }), bindWords)
    .map(both),
  fc.tuple(fc.record({ type: fc.constant('bind'), target, source: pinned, options: unshared }), bindWords).map(both),
  fc
    .tuple(
      fc.record({
        type: fc.constantFrom('volume', null),
        target,
        source: fc.oneof(hostPath, fc.constantFrom('data', 'pg-13', 'a_b.c')),
        options
      }),
      bindWords
    )
    .map(both),
  fc
    .tuple(
      fc.record({
        type: fc.constant('tmpfs'),
        target,
        source: fc.constantFrom('', 'tmpfs', null),
        options: tmpfsOptions
      }),
      tmpfsWords
    )
    .map(both)
)

function both([a, b]: readonly [Document, Document]): Document {
  return { ...a, ...b }
}

/** Mounts of one task: no two at one place. */
export const mounts: fc.Arbitrary<ReadonlyArray<Document>> = fc.uniqueArray(mount, {
  maxLength: 5,
  selector: ({ target: where }) => clean(String(where))
})

const withoutColon = (path: string): boolean => !path.includes(':') && !path.includes(',')

/** Mounts in short. */
export const volumes: fc.Arbitrary<ReadonlyArray<string>> = fc.array(
  fc
    .tuple(
      fc.oneof(hostPath, relative).filter(withoutColon),
      target.filter(withoutColon),
      fc.constantFrom('', ':ro', ':rw,rslave', ':z')
    )
    .map(([source, place, rest]) => `${source}:${place}${rest}`),
  { maxLength: 2 }
)

export const tmpfs: fc.Arbitrary<ReadonlyArray<string>> = fc.array(
  fc
    .tuple(target.filter(withoutColon), fc.constantFrom('', ':size=64m', ':ro,noexec'))
    .map(([place, rest]) => `${place}${rest}`),
  { maxLength: 2 }
)
