import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { fields } from '../../src/core/decode/TaskConfig'
import { compact } from '../../src/core/domain/canonical'
import { loginOf } from '../../src/core/resolve/loginOf'
import { decode } from '../../src/core/resolve/Request'
import { fetchOf, translate } from '../../src/core/translate'
import { Case, cases } from '../arbitraries/facts'

/** Two values for every option of a task that have to make a difference. A new option has no row here, which breaks the test. */
const VALUES: Readonly<Record<keyof typeof fields, readonly [unknown, unknown]>> = {
  image: ['redis:6', 'redis:8'], image_pull_timeout: ['1m', '2m'], command: ['a', 'b'], args: [['a'], ['b']], entrypoint: [['a'], ['b']],
  cwd: ['/a', '/b'], privileged: [true, false], pids_limit: [1, null], pid_mode: ['host', ''], hostname: ['a', 'b'], host_dns: [true, false],
  seccomp: [true, false], seccomp_profile: ['/a', null], shm_size: ['1m', null], sysctl: [{ a: 'b' }, null], readonly_rootfs: [true, false],
  host_network: [true, false], extra_hosts: [['a:1.1.1.1'], null], cap_add: [['CAP_KILL'], null], cap_drop: [['ALL'], null],
  devices: [['/dev/a'], null], auth: [{ username: 'a', password: 'p' }, { username: 'b', password: 'p' }],
  mounts: [[{ type: 'tmpfs', target: '/law' }], []]
}

/** All that an option can have an effect on, the refusal included. */
const effectOf = ({ documents, facts }: Case, options: object): string => {
  const request = decode({ ...documents, task: { ...(documents.task as object), ...options } })
  if (E.isLeft(request)) return compact(request.left)
  const images = { ...facts.images, [fetchOf(request.right).name]: Object.values(facts.images)[0] }
  const compiled = translate(request.right, { ...facts, images } as Case['facts'])
  return compact([compiled, fetchOf(request.right), loginOf(request.right)])
}

const isFree = ({ request }: Case): boolean => request.allocation.networkIsolationSpec === undefined && request.task.mounts.length === 0

it.each(Object.entries(VALUES))('task.%s is either obeyed or refused, never ignored', (name, [one, other]) => {
  fc.assert(fc.property(cases.filter(isFree), (given) => {
    expect(effectOf(given, { [name]: one })).not.toBe(effectOf(given, { [name]: other }))
  }), { numRuns: 25 })
})

it('every option has its two values', () => { expect(Object.keys(VALUES).sort()).toEqual(Object.keys(fields).sort()) })
