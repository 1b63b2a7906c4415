import * as E from 'fp-ts/Either'

import { Mount } from '../../../src/core/domain/Oci'
import { Facts, none } from '../../../src/core/facts/Facts'
import { sampleFacts } from '../../../src/core/facts/sampleFacts'
import * as ImageConfig from '../../../src/core/image/ImageConfig'
import * as explain from '../../../src/core/report/explain'
import { questionsOf } from '../../../src/core/resolve/questionsOf'
import * as Request from '../../../src/core/resolve/Request'
import { translate } from '../../../src/core/translate'
import { compiledOf, requestOf } from '../../../src/testing/facts'

const DIR = '/var/lib/nomad/alloc/a'

const given = (mounts: ReadonlyArray<object>, facts: Facts = none, allocation: object = {}): Parameters<typeof compiledOf>[0] => {
  const request = requestOf({
    task: { image: 'redis', command: 'x', mounts },
    plugin: { containerd_runtime: 'io.containerd.runc.v2' },
    allocation: { id: 'a/web/1', name: 'web', allocDir: DIR, ...allocation }
  })
  return { request, facts: sampleFacts(questionsOf(request), facts, ImageConfig.empty) }
}

const mountAt = (destination: string, ...of: Parameters<typeof given>): Mount | undefined =>
  compiledOf(given(...of)).spec.mounts.find((mount) => mount.destination === destination)

it.each<readonly [string, object, string, string, ReadonlyArray<string>]>([
  ['a volume is a directory of the driver', { target: '/d', source: 'pg' }, '/var/lib/containerd-driver/volumes/pg', 'bind', ['rbind', 'rw']],
  ['a volume with a path is a bind', { target: '/d', source: '/srv//x/' }, '/srv/x', 'bind', ['rbind', 'rw']],
  ['a bind of the host', { type: 'bind', target: '/d', source: '/srv' }, '/srv', 'bind', ['rbind', 'rw']],
  ["the task's own directory stands as it is", { type: 'bind', target: '/d', source: 'local' }, `${DIR}/web/local`, 'bind', ['rbind', 'rw']],
  ['read-only stays read-only', { type: 'bind', target: '/d', source: '/srv', options: ['ro'] }, '/srv', 'bind', ['rbind', 'ro']],
  ['writable is said once', { type: 'bind', target: '/d', source: '/srv', options: ['rw'] }, '/srv', 'bind', ['rbind', 'rw']],
  ['recursively read-only too', { type: 'bind', target: '/d', source: '/srv', options: ['rro'] }, '/srv', 'bind', ['rbind', 'rro']],
  ['a plain bind is not made recursive', { type: 'bind', target: '/d', source: '/srv', options: ['bind', 'ro'] }, '/srv', 'bind', ['bind', 'ro']],
  ['a tmpfs', { type: 'tmpfs', target: '/d/', options: ['size=64k'] }, 'tmpfs', 'tmpfs', ['size=64k']]
])('%s', (_what, mount, source, type, options) => { expect(mountAt('/d', [mount])).toEqual({ destination: '/d', type, source, options }) })

it("a job's mount takes the place of a default one and of the driver's resolv.conf", () => {
  expect(mountAt('/dev/shm', [{ type: 'tmpfs', target: '/dev/shm', options: ['size=1g'] }])?.options).toEqual(['size=1g'])
  expect(mountAt('/etc/resolv.conf', [{ type: 'bind', target: '/etc/resolv.conf', source: '/srv/r' }])?.source).toBe('/srv/r')
})

it.each([
  ['', false, ['rbind', 'rprivate', 'rw']], ['private', true, ['rbind', 'rprivate', 'ro']], ['host-to-task', false, ['rbind', 'rslave', 'rw']], ['bidirectional', false, ['rbind', 'rshared', 'rw']]
])("Nomad's volume with propagation %j, read-only %s", (propagationMode, readonly, options) => {
  const mounts = [{ taskPath: '/v/', hostPath: '/host', propagationMode, readonly }]
  expect(mountAt('/v', [], none, { mounts })).toEqual({ destination: '/v', type: 'bind', source: '/host', options })
})

it("a mount over one of Nomad's is refused, together with the mistakes of the config", () => {
  const outcome = Request.decode({
    task: { image: 'redis', comand: 'x', mounts: [{ type: 'tmpfs', target: '/secrets/' }] },
    plugin: { containerd_runtime: 'io.containerd.runc.v2' },
    allocation: { id: 'a/web/1', name: 'web', allocDir: DIR }
  })
  expect(E.mapLeft(explain.issues)(outcome)).toEqual(E.left(
    'task.comand: is no option here; did you mean "command"?\n' +
    'task.mounts[0].target = "/secrets/": Nomad mounts something of its own there\n'
  ))
})

const PATH = `${DIR}/web/local/x`

it.each<readonly [string, Facts['paths'], string]>([
  ['leads outside', { [PATH]: { kind: 'directory', realPath: '/etc' } }, 'a link leads to /etc, and no link is followed in the allocation; bind the directory that is meant itself'],
  ['leads to a name that only starts alike', { [PATH]: { kind: 'file', realPath: `${DIR}b/x` } }, `a link leads to ${DIR}b/x, and no link is followed in the allocation; bind the directory that is meant itself`],
  ['leads to another place inside', { [PATH]: { kind: 'file', realPath: `${DIR}/web/local/y` } }, `a link leads to ${DIR}/web/local/y, and no link is followed in the allocation; bind the directory that is meant itself`],
  ['passes a link', { [PATH]: { kind: 'link', at: `${DIR}/web/local` } }, 'web/local is a link, and no link is followed in the allocation; bind the directory that is meant itself'],
  ['is not there', { [PATH]: { kind: 'absent' } }, `does not exist on the host (${PATH}); make it, or use a volume`]
])('a relative bind that %s is refused', (_what, paths, reason) => {
  const { request, facts } = given([{ type: 'bind', target: '/d', source: 'local/x' }], { ...none, paths })
  expect(E.mapLeft(explain.issues)(translate(request, facts))).toEqual(E.left(`task.mounts[0].source = "local/x": ${reason}\n`))
})
