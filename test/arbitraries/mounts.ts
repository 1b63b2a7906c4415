import * as fc from 'fast-check'

import { clean } from '../../src/core/domain/path'
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

/** Where Nomad mounts its own: no mount of a task may stand there. */
export const NOMADS = ['/alloc', '/local', '/secrets']

const isFree = (path: string): boolean =>
  clean(path) !== '/' && clean(path) !== '/proc' && !clean(path).startsWith('/proc/') && !NOMADS.includes(clean(path))

export const target: fc.Arbitrary<string> = fc.oneof(
  absolute,
  fc.constantFrom('/dev/shm', '/dev', '/run', '/sys', '/etc/resolv.conf', '/etc', '/alloc/x', '/run/lock')
).filter(isFree)

const options: fc.Arbitrary<unknown> = fc.oneof(
  fc.constant(null),
  fc.constantFrom([], ['ro'], ['rw'], ['rbind', 'ro'], ['bind', 'rslave'], ['rshared'], ['noexec', 'ro'])
)

const relative = fc.constantFrom('local', 'local/www', './secrets/tls', 'local/../local/x', '../alloc/data')

/** A mount that compiles: a source that suits its type. */
export const mount: fc.Arbitrary<Document> = fc.oneof(
  fc.record({ type: fc.constant('bind'), target, source: fc.oneof(absolute, relative), options }),
  fc.record({ type: fc.constantFrom('volume', null), target, source: fc.oneof(absolute, fc.constantFrom('data', 'pg-13', 'a_b.c')), options }),
  fc.record({ type: fc.constant('tmpfs'), target, source: fc.constantFrom('', 'tmpfs', null), options })
)

/** Mounts of one task: no two at one place. */
export const mounts: fc.Arbitrary<ReadonlyArray<Document>> = fc.uniqueArray(mount, {
  maxLength: 5,
  selector: ({ target: where }) => clean(String(where))
})
